"""The one way in which a job's status changes."""

from typing import Any

from sqlalchemy import update

from app.database import now
from app.extensions import db, rows_changed
from app.models import TRANSITIONS, Job, JobStatus
from app.services import audit
from app.services.notices import events


def transition(job_pk: int, to: JobStatus, *conditions: Any, **values: Any) -> bool:
    """Move the job to a status, with other values, if it stands where that is allowed. False if it does not.

    One conditional UPDATE: a status is never read, thought about and then written. The caller commits.
    """
    allowed = [status for status, following in TRANSITIONS.items() if to in following]
    here = update(Job).where(Job.id == job_pk, Job.status.in_(allowed), *conditions)
    changed = rows_changed(here.values(status=to, **values))
    db.session.expire_all()
    if changed:
        events.note(job_pk, to)
    return changed == 1


def paused(job: Job) -> bool:
    """Let the job rest, as was asked for. False if it may not. The caller commits."""
    if not transition(job.id, JobStatus.PAUSED):
        return False
    audit.record(None, "job.paused", job.job_id, reason=job.pause_reason, words=job.pause_detail)
    return True


def over(job: Job, status: JobStatus, *conditions: Any, **values: Any) -> bool:
    """End the job with a status, and keep what came of it. False if it may not end so. The caller commits."""
    return transition(job.id, status, *conditions, completed_at=now(), result=job.counts, **values)
