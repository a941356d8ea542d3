"""Retention: jobs, with the results of their tickets, and the audit log go when they are as old as an admin has set."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import aliased, lazyload, load_only

from app.database import now, tried_again, writing
from app.extensions import db, rows_changed
from app.models import OVER, AuditEvent, Job, JobStatus, JobTicket
from app.services import audit, audit_chain, settings
from app.services.removal import can_be_undone

# On SQLite whoever deletes keeps all others from writing. A thousand rows take a hundredth of a second.
PIECE = 1000
BREATH_SECONDS = 0.02
FOUND_AT_ONCE = 200

_CHILD = aliased(Job)
# Undoing or retrying an old job reads its results. Until that is over, they stay.
_IS_NEEDED = exists().where(_CHILD.parent_id == Job.id, _CHILD.status.not_in(OVER))


@dataclass(frozen=True)
class Forecast:
    """What would go now. Times are those of the oldest and the newest of it; None where nothing would."""

    jobs: int
    tickets: int
    undoable: int
    oldest_job: datetime | None
    newest_job: datetime | None
    events: int
    oldest_event: datetime | None
    newest_event: datetime | None

    @property
    def is_empty(self) -> bool:
        return not self.jobs and not self.events


@dataclass(frozen=True)
class Purged:
    """What went."""

    jobs: int
    tickets: int
    events: int


def forecast(jobs_days: int, audit_days: int) -> Forecast:
    """What would go now if these were the days; 0 keeps all for ever."""
    of_jobs = _old_jobs(_moment(jobs_days))
    jobs = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Job.total_items), 0),
            func.min(Job.completed_at),
            func.max(Job.completed_at),
        ).where(*of_jobs)
    ).one()
    times = func.count(), func.min(AuditEvent.at), func.max(AuditEvent.at)
    events = db.session.execute(select(*times).where(_old_events(_moment(audit_days)))).one()
    return Forecast(jobs[0], jobs[1], _undoable(of_jobs), jobs[2], jobs[3], *events)


def purge(seconds: float, is_stopping: Callable[[], bool] = lambda: False) -> Purged:
    """Delete what is old, for at most so long: what is left goes with the next run. Commits after each piece."""
    end = time.monotonic() + seconds

    def may_go_on() -> bool:
        return time.monotonic() < end and not is_stopping()

    gone: list[int] = []  # how many tickets each job had
    events = 0
    jobs_before, audit_before = (
        _moment(_days(name)) for name in ("jobs_retention_days", "audit_retention_days")
    )
    try:
        for job_pk in _oldest_first(jobs_before, may_go_on):
            if (size := _purge_job(job_pk, jobs_before)) is not None:
                gone.append(size)
            time.sleep(BREATH_SECONDS)
        events = _purge_events(audit_before, may_go_on) if audit_before else 0
    finally:
        purged = Purged(len(gone), sum(gone), events)
        _note(purged, jobs_before, audit_before)
    return purged


def _days(name: str) -> int:
    return int(settings.value(name))


def _moment(days: int) -> datetime | None:
    """What is older goes."""
    return now() - timedelta(days=days) if days else None


def _old_jobs(before: datetime | None) -> tuple[ColumnElement[bool], ...]:
    is_old = Job.completed_at < before if before else Job.id.is_(None)
    return Job.status.in_(OVER), is_old, ~_IS_NEEDED


def _old_events(before: datetime | None) -> ColumnElement[bool]:
    return AuditEvent.at < before if before else AuditEvent.id.is_(None)


def _undoable(of_jobs: tuple[ColumnElement[bool], ...]) -> int:
    """How many of the jobs could still be undone, at least in part."""
    columns = load_only(Job.operation, Job.pinned, Job.changed_count)
    found = select(Job).options(columns, lazyload(Job.user)).where(Job.changed_count > 0, *of_jobs)
    jobs = db.session.scalars(found.execution_options(yield_per=1000))
    return sum(can_be_undone(job) for job in jobs)


def _oldest_first(before: datetime | None, may_go_on: Callable[[], bool]) -> Iterator[int]:
    """The keys of the jobs that go, each once."""
    after = 0
    while before and may_go_on():
        keys = select(Job.id).where(Job.id > after, *_old_jobs(before)).order_by(Job.id)
        found = list(db.session.scalars(keys.limit(FOUND_AT_ONCE)))
        db.session.rollback()
        if not found:
            return
        for key in found:
            if not may_go_on():
                return
            yield key
        after = found[-1]


def _purge_job(job_pk: int, before: datetime | None) -> int | None:
    """Delete the job. How many tickets it had; None if it is not to go any more.

    The results of a large one go first, piece by piece. Not those of a job that could go on: somebody may let it, in
    that very moment, and it would have lost a part of its plan.
    """
    still_old = Job.id == job_pk, *_old_jobs(before)
    found = db.session.execute(select(Job.total_items, Job.status).where(*still_old)).one_or_none()
    db.session.rollback()
    if found is None:
        return None
    if found.status != JobStatus.FAILED:
        for start in range(0, found.total_items - PIECE, PIECE):
            piece = JobTicket.position >= start, JobTicket.position < start + PIECE
            is_old = exists().where(*still_old)
            if not _delete(JobTicket, JobTicket.job_id == job_pk, *piece, is_old):
                break
            time.sleep(BREATH_SECONDS)
    return found.total_items if _delete(Job, *still_old) else None


def _purge_events(before: datetime, may_go_on: Callable[[], bool]) -> int:
    """How many events of the audit log went. The chain of its seals goes on from where they ended."""
    gone = 0
    while may_go_on():
        piece = _purge_piece(before)
        gone += piece
        if piece < PIECE:
            break
        time.sleep(BREATH_SECONDS)
    return gone


@tried_again()
def _purge_piece(before: datetime) -> int:
    db.session.rollback()
    try:
        with writing():
            gone = audit_chain.purge_before(before, at_most=PIECE)
            db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return gone


@tried_again()
def _delete(model: Any, *conditions: ColumnElement[bool]) -> int:
    """One transaction. How many rows went."""
    db.session.rollback()
    try:
        with writing():
            gone = rows_changed(delete(model).where(*conditions))
            db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return gone


def _note(purged: Purged, jobs_before: datetime | None, audit_before: datetime | None) -> None:
    if not purged.jobs and not purged.events:
        return
    with writing():
        audit.record(
            None,
            "retention.purge",
            jobs=purged.jobs,
            tickets=purged.tickets,
            audit_events=purged.events,
            jobs_before=_iso(jobs_before),
            audit_before=_iso(audit_before),
        )
        db.session.commit()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
