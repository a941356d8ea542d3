"""The ledger of a job: what is to be done to each ticket, and what became of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Text, cast, event, insert, select, text
from sqlalchemy.orm import Session

from app import metrics
from app.database import tried_again
from app.extensions import db
from app.models import Job, JobTicket, Outcome
from app.services.engine.lease import read_apart
from app.services.engine.row import Row, rows_where
from app.services.sampling import sample as sampled

DIGESTED_AT_ONCE = 5000
ANALYSED_FROM = 1000  # tickets


def add(job: Job, rows: list[dict[str, Any]]) -> None:
    """Append rows to the ledger, in this order. Part of the caller's transaction."""
    if not rows:
        return
    for offset, row in enumerate(rows):
        row |= {"job_id": job.id, "position": job.total_items + offset}
    db.session.execute(insert(JobTicket.__table__), rows)  # pyright: ignore[reportArgumentType]
    move(job, Counter(Outcome(row["outcome"]) for row in rows))


def move(job: Job, numbers: Counter[Outcome]) -> None:
    """Note that so many more, or fewer, tickets have these outcomes. Part of the caller's transaction."""
    for outcome, number in numbers.items():
        job.count(outcome, number)
    job.tally()
    settled = db.session.info.setdefault(_MOVED, Counter())
    settled.update({name: number for name, number in numbers.items() if number > 0})


_MOVED = "tickets by outcome, moved in this transaction"


@event.listens_for(db.session, "after_commit")
def _count(session: Session) -> None:
    """Only what was committed is counted: a transaction may run more than once."""
    for outcome, number in session.info.pop(_MOVED, {}).items():
        if outcome is not Outcome.PLANNED:
            metrics.TICKETS.labels(outcome).inc(number)


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_MOVED, None)


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


@tried_again()
def analyse(job: Job) -> None:
    """Let PostgreSQL see how many tickets a large job has. Until then it goes through all of them for each batch."""
    if job.total_items < ANALYSED_FROM or db.engine.dialect.name != "postgresql":
        return
    with db.engine.begin() as connection:
        connection.execute(text(f"ANALYZE {JobTicket.__tablename__}"))


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


@read_apart
def rows_of(job_pk: int, ticket_ids: Iterable[int]) -> list[Row]:
    """The rows of these tickets."""
    return rows_where(JobTicket.job_id == job_pk, JobTicket.ticket_id.in_(list(ticket_ids)))
