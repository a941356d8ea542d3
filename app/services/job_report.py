"""What programs and pages are told of a job while it lives."""

from datetime import datetime
from typing import Any

from app.models import Job, JobStatus
from app.services import operations, presence


def report(job: Job) -> dict[str, Any]:
    """The status JSON of the contract."""
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
        "reversible": operations.named(job.operation).reversible,
        "rate_per_minute": round(job.rate_per_minute) if job.rate_per_minute else None,
        "eta_seconds": job.eta_seconds,
        "waiting": waiting(job),
        "created_at": _iso(job.created_at),
        "started_at": _iso(job.started_at),
        "completed_at": _iso(job.completed_at),
        "error": job.error,
        "result": job.result,
        "is_over": job.is_over,
    }


def waiting(job: Job) -> dict[str, Any] | None:
    """What the job waits for, and until when. None when it waits for nothing, or for a person."""
    if job.is_over or job.state in {JobStatus.PLANNED, JobStatus.PAUSED}:
        return None
    here = presence.look()
    if not here.redis:
        return {"reason": "redis", "until": None}
    if not here.worker and not job.lease_owner:
        return {"reason": "worker", "until": None}
    if job.wait_reason:
        return {"reason": job.wait_reason, "until": _iso(job.wait_until)}
    return None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
