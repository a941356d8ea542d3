"""The lease on a job: one worker at a time, and no write by a worker that lost it."""

import functools
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Engine, bindparam, case, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, undefer

from app import metrics
from app.database import now, tried_again, writing
from app.extensions import db
from app.models import ACTIVE, Job, JobStatus
from app.services.engine import history
from app.services.waits import Wait

LEASE = timedelta(seconds=12)
HEARTBEAT_SECONDS = 4.0
# In these a slice's time counts as running.
WRITING = (JobStatus.RUNNING, JobStatus.PAUSING, JobStatus.CANCELLING)

# Made once, since to put it together costs more than to run it.
_LOCKED = (
    update(Job)
    .where(Job.id == bindparam("job_pk"), Job.fence == bindparam("mine"))
    .values(fence=Job.fence)
    .returning(Job)
    .execution_options(synchronize_session=False, populate_existing=True)
)

P = ParamSpec("P")
R = TypeVar("R")


class LeaseLost(Exception):
    """Another worker has taken the job: whatever this one still knows is out of date."""


class Lease:
    """A worker's right to one job. Its fence number only grows, and every write of the worker carries it."""

    def __init__(
        self, job_pk: int, fence: int, ends_at: datetime | None = None, tool: str = "none"
    ):
        self.job_pk = job_pk
        self.fence = fence
        self.tool = tool
        self.is_lost = False
        self.ends_at = ends_at or now() + LEASE  # unless it is renewed
        self.seen: str | None = None  # the status that the last step began with

    @classmethod
    def take(cls, job_id: str) -> Self | None:
        """Take the job, if it has something to do and nobody holds it."""
        ends_at = now() + LEASE
        owner = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        taken = _take(job_id, owner, ends_at)
        if taken is None:
            return None
        if taken.lease_owner != owner:
            metrics.TAKE_OVERS.labels(taken.tool_slug).inc()
        return cls(taken.id, taken.fence, ends_at, taken.tool_slug)

    def may_send(self) -> bool:
        """Is the job surely ours still? A worker that was frozen learns that it lost its lease later than it wakes."""
        return not self.is_lost and now() < self.ends_at

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

    def check(self) -> Job:
        """Lock the job's row for this transaction and give it. Raises LeaseLost."""
        job = db.session.scalar(_LOCKED, {"job_pk": self.job_pk, "mine": self.fence})
        if job is None:
            self.is_lost = True
            raise LeaseLost
        return job

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the lease from a thread of its own for as long as the block lasts."""
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(db.engine, done), daemon=True)
        heart.start()
        try:
            yield
        finally:
            done.set()
            heart.join()

    def _beat(self, engine: Engine, done: threading.Event) -> None:
        while not done.wait(HEARTBEAT_SECONDS) and not self.is_lost:
            wanted = now() + LEASE
            try:
                if not self._renew(engine, wanted):
                    self.is_lost = True
                self.ends_at = wanted
            except SQLAlchemyError:
                self.is_lost = now() > self.ends_at  # until then, the next beat may get through

    def _renew(self, engine: Engine, expires_at: datetime) -> bool:
        renewal = (
            update(Job)
            .where(Job.id == self.job_pk, Job.fence == self.fence)
            .values(lease_expires_at=expires_at)
        )
        with engine.begin() as connection:
            return connection.execute(renewal).rowcount == 1


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


def fenced(
    write: Callable[Concatenate[Lease, Job, P], R],
) -> Callable[Concatenate[Lease, P], R]:
    """Make a function of (lease, job, …) one transaction that commits only while the lease is ours.

    It is given the job's row, locked. It may run more than once, when the database was locked or gone.
    """

    @functools.wraps(write)
    @tried_again()
    def transaction(lease: Lease, *args: Any, **kwargs: Any) -> R:
        db.session.rollback()
        try:
            with writing():
                written = write(lease, lease.check(), *args, **kwargs)
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        return written

    return transaction


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
