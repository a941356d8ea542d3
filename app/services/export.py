"""A job's ledger as CSV and JSON, streamed, so that memory does not grow with the job."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import JobTicket, Outcome
from app.services.cells import cell

COLUMNS = ("ticket_id", "outcome", "reason", "detail", "before", "after", "updated_at")
_PIECE = 1000


def as_csv(job_pk: int, outcomes: list[Outcome]) -> Iterator[str]:
    """Lines of CSV, the header first. `before` and `after` are JSON."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for row in _rows(job_pk, outcomes):
        writer.writerow([cell(row[column]) for column in COLUMNS])
        yield _emptied(buffer)
    yield _emptied(buffer)


def as_json(job_pk: int, outcomes: list[Outcome]) -> Iterator[str]:
    """One JSON array of objects, in pieces."""
    start = "[\n"
    for row in _rows(job_pk, outcomes):
        yield start + json.dumps(row, ensure_ascii=False)
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def row_of(ticket: JobTicket) -> dict[str, Any]:
    """A ledger row as programs see it."""
    row = {column: getattr(ticket, column) for column in COLUMNS}
    return row | {"updated_at": ticket.updated_at.isoformat()}


def _rows(job_pk: int, outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    """All rows, piece by piece by key: no transaction is open while a client reads slowly."""
    piece = _piece(job_pk, outcomes, after=-1)
    while piece:
        yield from (row_of(ticket) for ticket in piece)
        piece = _piece(job_pk, outcomes, after=piece[-1].position)


def _piece(job_pk: int, outcomes: list[Outcome], after: int) -> list[JobTicket]:
    rows = select(JobTicket).where(JobTicket.job_id == job_pk, JobTicket.position > after)
    if outcomes:
        rows = rows.where(JobTicket.outcome.in_(outcomes))
    with Session(db.engine) as session:
        return list(session.scalars(rows.order_by(JobTicket.position).limit(_PIECE)))


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
