"""A job's ledger as CSV, JSON and lines of JSON, streamed, so that memory does not grow with the job."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, load_only

from app.extensions import db
from app.models import JobTicket
from app.services import downloads
from app.services.ledger_filter import Filter

# What each is: docs/guide/exports.md
COLUMNS = ("ticket_id", "outcome", "reason", "detail", "before", "after", "updated_at")
_PIECE = 1000


def as_csv(job_pk: int, wanted: Filter) -> Iterator[str]:
    """Lines of CSV, the header first. `before` and `after` are JSON."""
    return downloads.as_csv(COLUMNS, _pieces(db.engine, job_pk, wanted))


def as_json(job_pk: int, wanted: Filter) -> Iterator[str]:
    """One JSON array of objects."""
    return downloads.as_json(_pieces(db.engine, job_pk, wanted))


def as_ndjson(job_pk: int, wanted: Filter) -> Iterator[str]:
    """An object on each line."""
    return downloads.as_ndjson(_pieces(db.engine, job_pk, wanted))


def row_of(ticket: JobTicket) -> dict[str, Any]:
    """A ledger row as programs see it."""
    row = {column: getattr(ticket, column) for column in COLUMNS}
    return row | {"updated_at": ticket.updated_at.isoformat()}


def only_what_is_shown() -> Any:
    """Not the rest of a row: a comment that waits to be sent is a secret, and its key is the app's."""
    return load_only(*(getattr(JobTicket, column) for column in ("position", *COLUMNS)))


def _pieces(engine: Engine, job_pk: int, wanted: Filter) -> Iterator[list[dict[str, Any]]]:
    """The wanted rows, piece by piece by key: no transaction is open while a client reads slowly."""
    after = -1
    while piece := _piece(engine, job_pk, wanted, after):
        yield [row_of(ticket) for ticket in piece]
        after = piece[-1].position


def _piece(engine: Engine, job_pk: int, wanted: Filter, after: int) -> list[JobTicket]:
    rows = wanted.rows(job_pk, _PIECE, after=after).where(JobTicket.position > after)
    rows = rows.options(only_what_is_shown())
    with Session(engine) as session:
        return list(session.scalars(rows.order_by(JobTicket.position).limit(_PIECE)))
