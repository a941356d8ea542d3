"""What programs and pages are told of a job while it lives."""

from datetime import datetime
from typing import Any

from app.models import Job, JobStatus
from app.services import holding, presence, reversal
from app.services.presence import Presence
from app.services.waits import WaitReason


def report(job: Job, here: Presence | None = None) -> dict[str, Any]:
    """The status JSON of the contract. `here`, for several jobs: who is alive, looked up once for all."""
    reason, until = waiting(job, here or presence.look())
    reversible = reversal.of(job)
    return {
        "job_id": job.job_id,
        "tool_slug": job.tool_slug,
        "title": job.title,
        "status": job.status,
        "progress": job.progress,
        "total_items": job.total_items,
        "processed_items": job.processed_items,
        "counts": job.counts,
        "plan_digest": job.plan_digest,
        "dry_run": job.dry_run,
        "matched": job.matched,
        "truncated": job.truncated,
        "parent_id": job.parent.job_id if job.parent else None,
        "relation": job.relation,
        "reversible": reversible.extent if reversible else None,
        "rate_per_minute": round(job.rate_per_minute) if job.rate_per_minute else None,
        "eta_seconds": None if reason else job.eta_seconds,
        "waiting": {"reason": reason, "until": _iso(until)} if reason else None,
        "created_at": _iso(job.created_at),
        "started_at": _iso(job.started_at),
        "completed_at": _iso(job.completed_at),
        "error": job.error,
        "result": job.result,
        "is_over": job.is_over,
        "needs": _needs(job),
    }


def _needs(job: Job) -> list[dict[str, str]]:
    """What stands between the plan and its start."""
    found = holding.needs(job) if job.state is JobStatus.PLANNED else []
    return [{"field": one.field, "words": one.words} for one in found]


def waiting(job: Job, here: Presence) -> tuple[WaitReason | None, datetime | None]:
    """What the job waits for, and until when. None when it waits for nothing, or for a person."""
    if job.state.rests:
        return None, None
    if not here.redis:
        return WaitReason.REDIS, None
    if not here.worker and not job.is_held:
        return WaitReason.WORKER, None
    if job.wait_reason == WaitReason.WRITING_STOPPED:
        return WaitReason.WRITING_STOPPED, None  # when it looks again tells nobody anything
    if job.wait_reason in set(WaitReason):
        return WaitReason(job.wait_reason), job.wait_until
    return None, None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
