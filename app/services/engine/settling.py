"""Settling: write down what became of tickets, and let the job pause where that asks for it."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import and_, update

from app.database import now
from app.extensions import db, rows_changed
from app.models import Job, JobStatus, JobTicket, Outcome, PauseReason, Stage
from app.services.engine import breaker, history, ledger
from app.services.engine.flight import change_rows, is_in_flight, keep_plans
from app.services.engine.lease import Lease, fenced
from app.services.engine.status import transition
from app.services.engine.verdict import Verdict, Verdicts
from app.services.reasons import Reason
from app.zendesk.batches import Batch

NOTHING_CHANGED = {"before": None, "after": None}


@fenced
def settled(_lease: Lease, job: Job, done: list[tuple[Batch, Verdicts]]) -> None:
    """Write down what became of each ticket of these batches, and bring the job's counts into line."""
    before = job.written
    for batch, verdicts in done:
        numbers = _settle_batch(job, batch, verdicts)
        job.recent = breaker.noted(job.recent, numbers.elements())
    history.dealt_with(job, job.written - before)
    history.goes_on(job)
    _look_out(job)


def _settle_batch(job: Job, batch: Batch, verdicts: Verdicts) -> Counter[Verdict]:
    """How many tickets were settled in each way: none, if a commit that was not confirmed had got through."""
    tickets: dict[Verdict, list[int]] = defaultdict(list)
    for ticket_id, verdict in verdicts.items():
        tickets[verdict].append(ticket_id)
    keep_plans(job, batch, verdicts)
    numbers: Counter[Verdict] = Counter()
    moves: Counter[Outcome] = Counter()
    for verdict, ticket_ids in tickets.items():
        some = len(ticket_ids) < len(batch.ticket_ids)
        number = numbers[verdict] = _settle(job, batch, verdict, ticket_ids if some else None)
        moves[verdict.outcome] += number
        moves[Outcome.PLANNED] -= number
    ledger.move(job, moves)
    return numbers


def _settle(job: Job, batch: Batch, verdict: Verdict, only: list[int] | None) -> int:
    """Settle the batch's tickets, or some of them only, in one way. How many there were."""
    again = verdict.outcome is Outcome.PLANNED
    conditions = [] if only is None else [JobTicket.ticket_id.in_(only)]
    return change_rows(
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


@fenced
def left_alone(_lease: Lease, job: Job, verdicts: Verdicts) -> None:
    """Write down why tickets that were to be sent are not, after all."""
    before = job.written
    for ticket_id, verdict in verdicts.items():
        row = (JobTicket.ticket_id == ticket_id, JobTicket.stage == Stage.WAITING)
        _end(job, and_(*row), verdict)
    history.dealt_with(job, job.written - before)
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
    ledger.move(job, Counter({verdict.outcome: ended, Outcome.PLANNED: -ended}))
