"""Noting what became of a job, or of Giga Tools. It is a row in the same transaction, and nothing more."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select

from app.database import now
from app.extensions import db
from app.models import EventName, Job, JobEvent, JobStatus

NAMES = {
    JobStatus.COMPLETED: EventName.COMPLETED,
    JobStatus.FAILED: EventName.FAILED,
    JobStatus.CANCELLED: EventName.CANCELLED,
    JobStatus.PAUSED: EventName.PAUSED,
    JobStatus.PLANNED: EventName.PLANNED,
}
# Credentials that are refused once and taken at the next try are worth no word.
PATIENCE = timedelta(minutes=1)


def note(job_pk: int, status: JobStatus) -> None:
    """Note that the job has this status now, if anybody may want to hear of it. Part of the caller's transaction.

    Each plan is noted, also one that goes on at once: that is seen when it is handed out.
    """
    if status not in NAMES:
        return
    job = db.session.get_one(Job, job_pk)
    if status is JobStatus.PAUSED and job.pause_reason is None:
        return  # a person did it
    db.session.add(_event(NAMES[status], job))


def note_wait_for_approval(job: Job) -> None:
    """Note that somebody has asked for an approval of the job's plan. Part of the caller's transaction."""
    db.session.add(_event(EventName.APPROVAL, job))


def note_wait_for_sign_in(job: Job) -> None:
    """Note that Zendesk takes the credentials no more. Once for each job. Part of the caller's transaction."""
    known = exists().where(JobEvent.job_id == job.job_id, JobEvent.name == EventName.SIGN_IN)
    if not db.session.scalar(select(known)):
        event = _event(EventName.SIGN_IN, job)
        event.due_at = now() + PATIENCE
        db.session.add(event)


def note_news(name: EventName, title: str, words: str, advice: str, **more: Any) -> None:
    """Note something that is about no job, for admins and webhooks. Part of the caller's transaction."""
    facts = {"title": title, "words": words, "advice": advice, **more}
    db.session.add(JobEvent(name=name, facts=facts))


def _event(name: EventName, job: Job) -> JobEvent:
    at = now()
    return JobEvent(
        name=name, at=at, due_at=at, job_id=job.job_id, owner_id=job.user_id, facts=_facts(job)
    )


def _facts(job: Job) -> dict[str, Any]:
    """The job as it is told to people and programs: as in its status JSON, and what a mail has to say beside it."""
    return {
        "tool_slug": job.tool_slug,
        "title": job.title,
        "status": job.status,
        "dry_run": job.dry_run,
        "total_items": job.total_items,
        "counts": _counts(job),
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "completed_at": job.completed_at.isoformat() if job.completed_at else None,
        # The lines after the first may quote tickets.
        "error": job.error.partition("\n")[0] if job.error else None,
        "pause_reason": job.pause_reason,
        "pause_detail": job.pause_detail,
        "worked_seconds": _worked(job),
    }


def _counts(job: Job) -> dict[str, int]:
    """A job that nobody was at is cancelled before its rows are: what it has not reached, it will not reach."""
    counts = job.counts
    if job.state is JobStatus.CANCELLED:
        counts["not_reached"] += counts["planned"]
        counts["planned"] = 0
    return counts


def _worked(job: Job) -> int:
    """Seconds of planning and of what came after the start, without the time in which the plan waited for a person."""
    planning = ((job.planned_at or now()) - job.created_at).total_seconds()
    return round(planning + job.elapsed_seconds)
