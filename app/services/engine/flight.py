"""What is in flight: batches that are about to be sent, or that Zendesk has."""

from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import aliased

from app.database import now
from app.extensions import db, rows_changed
from app.models import Job, JobTicket, Outcome, Stage
from app.services.engine import history
from app.services.engine.lease import Lease, fenced, read_apart
from app.services.engine.row import Row, rows_where
from app.services.engine.verdict import Verdicts
from app.zendesk.batches import Batch


def is_in_flight(rows: Any = JobTicket) -> Any:
    """As a literal in the SQL: for a parameter, SQLite would not use the index on these rows alone."""
    stages = [Stage.SENDING, Stage.SENT]
    return rows.stage.in_(bindparam("in_flight", stages, expanding=True, literal_execute=True))


def number_in_flight(job: Job) -> int:
    rows = select(func.count()).where(JobTicket.job_id == job.id, is_in_flight())
    return db.session.scalar(rows) or 0


@fenced
def sent(_lease: Lease, job: Job, batch: Batch, zendesk_job_id: str) -> None:
    """Zendesk has taken the batch, under this id."""
    change_rows(job, batch, stage=Stage.SENT, zendesk_job_id=zendesk_job_id)
    history.goes_on(job)


@fenced
def returned(_lease: Lease, job: Job, batch: Batch) -> None:
    """Zendesk never took the batch: its tickets wait for their turn again."""
    again = JobTicket.attempts - 1
    change_rows(job, batch, stage=Stage.WAITING, batch_token=None, attempts=again)


@fenced
def planned_anew(_lease: Lease, job: Job, batch: Batch, verdicts: Verdicts) -> None:
    """Keep the plans that the verdicts bring, of tickets that stay in flight."""
    keep_plans(job, batch, verdicts)


def keep_plans(job: Job, batch: Batch, verdicts: Verdicts) -> None:
    """Keep the plans that the verdicts bring for tickets of the batch. Part of the caller's transaction."""
    for ticket_id, verdict in verdicts.items():
        if verdict.plan:
            change_rows(job, batch, JobTicket.ticket_id == ticket_id, **verdict.plan)


def change_rows(job: Job, batch: Batch, *conditions: Any, **values: Any) -> int:
    """Change the rows of a batch that is in flight. How many there were."""
    return rows_changed(
        update(JobTicket)
        .where(JobTicket.job_id == job.id, is_in_flight())
        .where(JobTicket.batch_token == batch.token, *conditions)
        .values(updated_at=now(), **values)
    )


@read_apart
def batches(lease: Lease) -> tuple[dict[str, Batch], list[Batch]]:
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
def rows_of_batch(job_pk: int, token: str) -> list[Row]:
    """The rows that were claimed under this token."""
    return rows_where(JobTicket.job_id == job_pk, is_in_flight(), JobTicket.batch_token == token)


@read_apart
def zendesk_jobs() -> set[str | None]:
    """The Zendesk jobs that any job has in flight, by id."""
    return set(
        db.session.scalars(select(JobTicket.zendesk_job_id).where(is_in_flight()).distinct())
    )


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


def is_clear(job: Job) -> bool:
    """Is nothing of the job in flight?"""
    return not number_in_flight(job)
