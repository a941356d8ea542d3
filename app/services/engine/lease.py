"""The lease on a job: one worker at a time, and no write by a worker that lost it."""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ParamSpec, Self, TypeVar

from sqlalchemy import case, update
from sqlalchemy.orm import Session, undefer

from app import metrics
from app.database import now, tried_again
from app.extensions import db
from app.models import ACTIVE, Job, JobStatus
from app.services.engine import history
from app.services.leasing import Hold, LeaseLost, end_of_lease, fenced, new_owner
from app.services.waits import Wait

__all__ = ["Lease", "LeaseLost", "fenced", "read_apart", "release"]

# In these a slice's time counts as running.
WRITING = (JobStatus.RUNNING, JobStatus.PAUSING, JobStatus.CANCELLING)

P = ParamSpec("P")
R = TypeVar("R")


class Lease(Hold[Job]):
    """A worker's right to one job."""

    model = Job

    def __init__(
        self, job_pk: int, fence: int, ends_at: datetime | None = None, tool: str = "none"
    ):
        super().__init__(job_pk, fence, ends_at)
        self.job_pk = job_pk
        self.tool = tool
        self.seen: str | None = None  # the status that the last step began with

    @classmethod
    def take(cls, job_id: str) -> Self | None:
        """Take the job, if it has something to do and nobody holds it."""
        ends_at, owner = end_of_lease(), new_owner()
        taken = _take(job_id, owner, ends_at)
        if taken is None:
            return None
        if taken.lease_owner != owner:
            metrics.TAKE_OVERS.labels(taken.tool_slug).inc()
        return cls(taken.id, taken.fence, ends_at, taken.tool_slug)

    @tried_again()
    def job(self) -> Job:
        """The job as it stands now, read apart from the session and detached, without its selection.

        No transaction stays open while we speak to Zendesk.
        """
        return self._read()

    @tried_again()
    def selection(self) -> dict[str, Any]:
        """What the job was asked to be about, which never changes and may have many ids."""
        return self._read(undefer(Job.selection)).selection

    def _read(self, *options: Any) -> Job:
        with Session(db.engine) as session:
            job = session.get(Job, self.job_pk, options=options)
            if job is None:
                raise LeaseLost
            session.expunge(job)
        return job


@tried_again()
def _take(job_id: str, owner: str, ends_at: datetime) -> Any:
    """The row that was taken. Its owner has another name if the one before did not give the job back."""
    db.session.rollback()
    taken = db.session.execute(
        update(Job)
        .where(Job.job_id == job_id, Job.status.in_(ACTIVE), ~Job.is_held)
        .values(
            lease_owner=case((Job.lease_owner.is_(None), owner), else_=f"{owner}-after"),
            lease_expires_at=ends_at,
            fence=Job.fence + 1,
            wake_at=None,  # until it is given back, the lease says when to look again
            running_since=case((Job.status.in_(WRITING), now()), else_=None),
        )
        .returning(Job.id, Job.fence, Job.lease_owner, Job.tool_slug)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken:
        history.taken(taken.id)
    db.session.commit()
    return taken


@fenced
def release(lease: Lease, job: Job, wait: Wait) -> float | None:
    """Give the job back, to be left alone for as long as it is to wait. Gives the seconds.

    If somebody has asked for something meanwhile, that is not kept waiting.
    """
    if job.status in ACTIVE and job.status != lease.seen:
        wait = Wait.at_once()
    job.ran_seconds, job.running_since = job.running_seconds, None
    job.lease_owner = job.lease_expires_at = None
    job.wake_at = None if wait.seconds is None else now() + timedelta(seconds=wait.seconds)
    history.waits(job, wait.reason)
    if job.status in ACTIVE and wait.reason is None:
        history.left(job)
    job.wait_reason = wait.reason
    job.wait_until = job.wake_at if wait.reason else None
    job.waits_for_id = wait.for_job
    job.setbacks = wait.setbacks
    return wait.seconds


def read_apart(read: Callable[P, R]) -> Callable[P, R]:
    """Make a function that only reads one short transaction of its own, tried again."""

    @functools.wraps(read)
    @tried_again()
    def transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        db.session.rollback()
        try:
            return read(*args, **kwargs)
        finally:
            db.session.rollback()

    return transaction
