"""Claiming: which of the plan's tickets go out next, and that nobody else sends them meanwhile."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.database import now
from app.extensions import db
from app.models import Job, JobStatus, JobTicket, Outcome, Stage
from app.services.engine import history
from app.services.engine.flight import is_in_flight, number_in_flight
from app.services.engine.lease import Lease, fenced, read_apart
from app.services.engine.row import Claimed, Row, rows_where
from app.services.waits import WaitReason
from app.zendesk.batches import BATCH

# Made once, since putting statements together costs more than running them. Free are rows of the plan that wait, and
# whose tickets no job has in flight.
_ROWS, _ELSEWHERE = aliased(JobTicket), aliased(JobTicket)
_IS_BUSY = (
    select(_ELSEWHERE.ticket_id)
    .where(_ELSEWHERE.ticket_id == _ROWS.ticket_id, is_in_flight(_ELSEWHERE))
    .exists()
)
_IS_WAITING = (_ROWS.outcome == Outcome.PLANNED, _ROWS.stage == Stage.WAITING)
_FREE = select(_ROWS.position).where(*_IS_WAITING, ~_IS_BUSY).order_by(_ROWS.position)
_CLAIMED = (JobTicket.ticket_id, JobTicket.planned_stamp, JobTicket.payload_key)
_FIRST_FREE = _FREE.with_only_columns(_ROWS.payload_key).limit(1)


def claim(lease: Lease, token: str, only: Iterable[int] | None = None) -> list[Claimed]:
    """Note the next tickets as about to be sent, under the batch's token.

    All of them can be sent in one call; none if none may be sent now. `only` are the positions of those that may be
    among them.
    """
    try:
        return _claim(lease, token, None if only is None else list(only), count())
    except IntegrityError:
        return []  # another job claimed one of them at this very moment


@fenced
def _claim(
    _lease: Lease, job: Job, token: str, only: list[int] | None, tries: Iterator[int]
) -> list[Claimed]:
    """`tries` counts how often the transaction has run."""
    is_first_try = next(tries) == 0
    if not is_first_try and (noted := _noted(job, token)):
        return noted
    positions = _next_positions(job, only)
    if not positions:
        return []
    intent = (
        update(JobTicket)
        .where(JobTicket.job_id == job.id, JobTicket.position.in_(positions))
        .where(
            JobTicket.outcome == Outcome.PLANNED
        )  # so that each index there is leads to the positions
        .values(
            stage=Stage.SENDING,
            batch_token=token,
            zendesk_job_id=None,
            filled_in=None,
            attempts=JobTicket.attempts + 1,
            sent_at=now(),
            updated_at=now(),
        )
        .returning(JobTicket.position, *_CLAIMED)
    )
    taken = db.session.execute(intent, execution_options={"synchronize_session": False})
    return _in_order(taken)


def _in_order(rows: Iterable[Any]) -> list[Claimed]:
    """By their position. Asked for an order, SQLite reads the whole job instead of those in flight."""
    return [Claimed(*row[1:]) for row in sorted(rows)]


def _noted(job: Job, token: str) -> list[Claimed]:
    """What an earlier try has claimed under the token, if its commit got through and the answer to that was lost."""
    rows = select(JobTicket.position, *_CLAIMED).where(
        JobTicket.job_id == job.id, is_in_flight(), JobTicket.batch_token == token
    )
    return _in_order(db.session.execute(rows))


@read_apart
def next_rows(job_pk: int) -> list[Row]:
    """The rows that would be claimed now."""
    positions = _next_positions(db.session.get_one(Job, job_pk), None)
    return rows_where(JobTicket.job_id == job_pk, JobTicket.position.in_(positions))


def is_any_free(job: Job) -> bool:
    """Is there a ticket that could be sent now? Part of the caller's transaction."""
    return bool(_next_positions(job, None))


@fenced
def held(_lease: Lease, job: Job, reason: WaitReason) -> bool:
    """Say what the job waits for while its slice goes on. False if there is nothing to wait with."""
    if not is_any_free(job):
        return False
    history.waits(job, reason)
    job.wait_reason, job.wait_until, job.waits_for_id = reason, None, None
    return True


def _next_positions(job: Job, only: list[int] | None) -> list[int]:
    """The positions of as many free rows as go into one call, beginning with the first.

    They are read by themselves: as a part of the statement that changes the rows, PostgreSQL looks for them anew for
    each row of the job, until it has analysed the table.
    """
    if job.state is not JobStatus.RUNNING or not (room := _room(job)):
        return []
    is_ours = [_ROWS.job_id == job.id] + ([] if only is None else [_ROWS.position.in_(only)])
    first = db.session.execute(_FIRST_FREE.where(*is_ours)).one_or_none()
    if first is None:
        return []
    is_alike = _ROWS.payload_key.is_not_distinct_from(first.payload_key)
    return list(db.session.scalars(_FREE.where(*is_ours, is_alike).limit(room)))


def _room(job: Job) -> int:
    """How many tickets the next batch may have: no more than are still to be tried before a person has looked."""
    if job.canary is None:
        return BATCH
    return min(BATCH, max(0, job.canary - job.written - number_in_flight(job)))
