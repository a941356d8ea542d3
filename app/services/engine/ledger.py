"""The ledger of a job: what is to be done to each ticket, and what became of it."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Text, and_, cast, func, insert, select, update
from sqlalchemy.orm import aliased

from app.database import now
from app.extensions import db, rows_changed
from app.models import Job, JobStatus, JobTicket, Outcome, PauseReason, Stage
from app.services.engine import breaker, claiming
from app.services.engine.claiming import is_in_flight
from app.services.engine.lease import Lease, fenced, read_apart
from app.services.engine.row import Row, rows_where
from app.services.engine.status import transition
from app.services.engine.verdict import Verdict, Verdicts
from app.services.reasons import Reason
from app.services.sampling import sample as sampled
from app.services.waits import WaitReason
from app.zendesk.batches import Batch

DIGESTED_AT_ONCE = 5000
NOTHING_CHANGED = {"before": None, "after": None}


def add(job: Job, rows: list[dict[str, Any]]) -> None:
    """Append rows to the ledger, in this order. Part of the caller's transaction."""
    if not rows:
        return
    for offset, row in enumerate(rows):
        row |= {"job_id": job.id, "position": job.total_items + offset}
    db.session.execute(insert(JobTicket.__table__), rows)  # pyright: ignore[reportArgumentType]
    _move(job, Counter(Outcome(row["outcome"]) for row in rows))


@read_apart
def known(job_pk: int, ticket_ids: Iterable[int]) -> set[int]:
    """Those of the tickets that the ledger has already."""
    wanted = list(ticket_ids)
    rows = select(JobTicket.ticket_id).where(
        JobTicket.job_id == job_pk, JobTicket.ticket_id.in_(wanted)
    )
    return set(db.session.scalars(rows))


@read_apart
def sample(job: Job, most: int) -> list[int]:
    """So many of the tickets that the plan wants to change, spread evenly over it."""
    planned = (JobTicket.job_id == job.id, JobTicket.outcome == Outcome.PLANNED)
    rows = select(JobTicket.ticket_id).where(*planned).order_by(JobTicket.position)
    places = sampled(range(job.planned_count), most)
    found = (db.session.scalar(rows.offset(place).limit(1)) for place in places)
    return [ticket_id for ticket_id in found if ticket_id is not None]


def digest(job: Job) -> str:
    """sha256 over the plan: what it relies on, the tickets in their order, and what is to become of each."""
    about = [job.operation, job.arguments, job.pinned]
    sha = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for start in range(0, job.total_items, DIGESTED_AT_ONCE):
        rows = _plan_rows(job, start, start + DIGESTED_AT_ONCE)
        sha.update("".join(f"\n{row}" for row in rows).encode())
    return sha.hexdigest()


@read_apart  # so that others may write between the pieces
def _plan_rows(job: Job, start: int, end: int) -> Any:
    after = cast(JobTicket.after, Text)  # its JSON as it is, which need not be read for this
    columns = (JobTicket.ticket_id, JobTicket.outcome, JobTicket.reason, after)
    return db.session.execute(
        select(*columns)
        .where(JobTicket.job_id == job.id, JobTicket.position >= start, JobTicket.position < end)
        .order_by(JobTicket.position)
    ).all()


@fenced
def put_aside(_lease: Lease, job: Job, texts: dict[int, str]) -> None:
    """Keep the comments that were filled in, by position, for the slice that will send them."""
    for position, words in texts.items():
        row = (JobTicket.position == position, JobTicket.stage == Stage.WAITING)
        rows_changed(
            update(JobTicket).where(JobTicket.job_id == job.id, *row).values(filled_in=words)
        )


@fenced
def forget_filled_in(_lease: Lease, job: Job, as_of: str | None = None) -> None:
    """Keep none of the comments that were filled in: they may say what nobody has agreed to.

    Those that are kept from now on are filled in from a macro that was last touched at `as_of`.
    """
    drop_filled_in(job)
    job.filled_in_as_of = as_of


def drop_filled_in(job: Job) -> None:
    """Let all comments be filled in anew. Part of the caller's transaction."""
    kept = (JobTicket.job_id == job.id, JobTicket.filled_in.is_not(None))
    rows_changed(update(JobTicket).where(*kept).values(filled_in=None))


@fenced
def sent(_lease: Lease, job: Job, batch: Batch, zendesk_job_id: str) -> None:
    """Zendesk has taken the batch, under this id."""
    _rows_of(job, batch, stage=Stage.SENT, zendesk_job_id=zendesk_job_id)
    job.goes_on()


@fenced
def held(_lease: Lease, job: Job, reason: WaitReason) -> bool:
    """Say what the job waits for while its slice goes on. False if there is nothing to wait with."""
    if not claiming.is_any_free(job):
        return False
    job.wait_reason, job.wait_until, job.waits_for_id = reason, None, None
    return True


@fenced
def returned(_lease: Lease, job: Job, batch: Batch) -> None:
    """Zendesk never took the batch: its tickets wait for their turn again."""
    again = JobTicket.attempts - 1
    _rows_of(job, batch, stage=Stage.WAITING, batch_token=None, attempts=again)


@fenced
def settled(_lease: Lease, job: Job, done: list[tuple[Batch, Verdicts]]) -> None:
    """Write down what became of each ticket of these batches, and bring the job's counts into line."""
    for batch, verdicts in done:
        numbers = _settle_batch(job, batch, verdicts)
        job.recent = breaker.noted(job.recent, numbers.elements())
    job.goes_on()
    _look_out(job)


def _settle_batch(job: Job, batch: Batch, verdicts: Verdicts) -> Counter[Verdict]:
    """How many tickets were settled in each way: none, if a commit that was not confirmed had got through."""
    tickets: dict[Verdict, list[int]] = defaultdict(list)
    for ticket_id, verdict in verdicts.items():
        tickets[verdict].append(ticket_id)
        if verdict.plan:
            _rows_of(job, batch, JobTicket.ticket_id == ticket_id, **verdict.plan)
    numbers: Counter[Verdict] = Counter()
    moves: Counter[Outcome] = Counter()
    for verdict, ticket_ids in tickets.items():
        some = len(ticket_ids) < len(batch.ticket_ids)
        number = numbers[verdict] = _settle(job, batch, verdict, ticket_ids if some else None)
        moves[verdict.outcome] += number
        moves[Outcome.PLANNED] -= number
    _move(job, moves)
    return numbers


@fenced
def left_alone(_lease: Lease, job: Job, verdicts: Verdicts) -> None:
    """Write down why tickets that were to be sent are not, after all."""
    for ticket_id, verdict in verdicts.items():
        row = (JobTicket.ticket_id == ticket_id, JobTicket.stage == Stage.WAITING)
        _end(job, and_(*row), verdict)
    _look_out(job)


def _look_out(job: Job) -> None:
    """Let the job pause when too many tickets fail, or when those that were to be tried first are done."""
    if job.recent and (words := breaker.trips(job.recent)):
        _pause(job, PauseReason.BREAKER, words)
    elif job.canary is not None and job.written >= job.canary:
        _pause(job, PauseReason.CANARY, None)


def _pause(job: Job, reason: PauseReason, words: str | None) -> None:
    db.session.flush()
    values = {"pause_reason": reason, "pause_detail": words, "asked_at": now()}
    transition(job.id, JobStatus.PAUSING, Job.planned_count > 0, **values)


def _settle(job: Job, batch: Batch, verdict: Verdict, only: list[int] | None) -> int:
    """Settle the batch's tickets, or some of them only, in one way. How many there were."""
    again = verdict.outcome is Outcome.PLANNED
    conditions = [] if only is None else [JobTicket.ticket_id.in_(only)]
    return _rows_of(
        job,
        batch,
        *conditions,
        stage=Stage.WAITING if again else Stage.SETTLED,
        outcome=verdict.outcome,
        reason=verdict.reason,
        # What the plan had to say of a ticket still holds for one that became as planned.
        detail=verdict.detail if verdict.reason else JobTicket.detail,
        **(NOTHING_CHANGED if verdict.outcome is Outcome.UNCHANGED else {}),
    )


def _rows_of(job: Job, batch: Batch, *conditions: Any, **values: Any) -> int:
    """Change the rows of a batch that is in flight. How many there were."""
    return rows_changed(
        update(JobTicket)
        .where(JobTicket.job_id == job.id, is_in_flight())
        .where(JobTicket.batch_token == batch.token, *conditions)
        .values(updated_at=now(), **values)
    )


def give_up_in_flight(job: Job) -> None:
    """Say that nobody knows what became of the tickets in flight. Part of the caller's transaction."""
    _end(job, is_in_flight(), Verdict.because(Reason.RESULT_UNKNOWN))


def drop_the_rest(job: Job) -> None:
    """Mark what has not been sent as not reached. Part of the caller's transaction."""
    _end(job, JobTicket.stage == Stage.WAITING, Verdict.because(Reason.CANCELLED))


def _end(job: Job, rows: Any, verdict: Verdict) -> None:
    result = {"outcome": verdict.outcome, "reason": verdict.reason, "detail": verdict.detail}
    ended = rows_changed(
        update(JobTicket)
        .where(JobTicket.job_id == job.id, JobTicket.outcome == Outcome.PLANNED, rows)
        .values(stage=Stage.SETTLED, filled_in=None, updated_at=now(), **result)
    )
    _move(job, Counter({verdict.outcome: ended, Outcome.PLANNED: -ended}))


@read_apart
def in_flight(lease: Lease) -> tuple[dict[str, Batch], list[Batch]]:
    """What earlier slices left behind: batches by the id of their Zendesk job, and those nobody knows about."""
    rows = db.session.execute(
        select(
            JobTicket.batch_token, JobTicket.zendesk_job_id, JobTicket.ticket_id, JobTicket.sent_at
        ).where(JobTicket.job_id == lease.job_pk, is_in_flight())
    ).all()
    tickets: dict[tuple[str, str | None, float], list[int]] = defaultdict(list)
    for row in rows:
        key = (row.batch_token, row.zendesk_job_id, row.sent_at.timestamp())
        tickets[key].append(row.ticket_id)
    taken, lost = {}, []
    for (token, zendesk_job_id, sent_at), ticket_ids in tickets.items():
        batch = Batch(token, tuple(ticket_ids), sent_at=sent_at)
        if zendesk_job_id:
            taken[zendesk_job_id] = batch
        else:
            lost.append(batch)
    return taken, lost


@read_apart
def holder_of_tickets(job_pk: int) -> int | None:
    """The oldest of the other jobs that have tickets of this one in flight."""
    mine = aliased(JobTicket)
    is_wanted = (
        select(mine.ticket_id)
        .where(mine.job_id == job_pk, mine.ticket_id == JobTicket.ticket_id)
        .where(mine.outcome == Outcome.PLANNED)
        .exists()
    )
    oldest = select(func.min(JobTicket.job_id))
    return db.session.scalar(oldest.where(is_in_flight(), JobTicket.job_id != job_pk, is_wanted))


@read_apart
def zendesk_jobs() -> set[str | None]:
    """The Zendesk jobs that any job has in flight, by id."""
    return set(
        db.session.scalars(select(JobTicket.zendesk_job_id).where(is_in_flight()).distinct())
    )


def is_clear(job: Job) -> bool:
    """Is nothing of the job in flight?"""
    return not claiming.number_in_flight(job)


@read_apart
def rows_of_batch(job_pk: int, token: str) -> list[Row]:
    """The rows that were claimed under this token."""
    return rows_where(JobTicket.job_id == job_pk, is_in_flight(), JobTicket.batch_token == token)


@read_apart
def rows_of(job_pk: int, ticket_ids: Iterable[int]) -> list[Row]:
    """The rows of these tickets."""
    return rows_where(JobTicket.job_id == job_pk, JobTicket.ticket_id.in_(list(ticket_ids)))


def _move(job: Job, numbers: Counter[Outcome]) -> None:
    for outcome, number in numbers.items():
        job.count(outcome, number)
    job.tally()
