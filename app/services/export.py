"""A job's ledger as CSV, JSON and lines of JSON, streamed, so that memory does not grow with the job."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, load_only

from app.extensions import db
from app.models import JobTicket
from app.services.cells import cell
from app.services.ledger_filter import Filter

# What each is: docs/guide/exports.md
COLUMNS = ("ticket_id", "outcome", "reason", "detail", "before", "after", "updated_at")
_PIECE = 1000

Rows = list[dict[str, Any]]


def as_csv(job_pk: int, wanted: Filter) -> Iterator[str]:
    """Lines of CSV, the header first. `before` and `after` are JSON."""
    return _csv(_pieces(db.engine, job_pk, wanted))


def as_json(job_pk: int, wanted: Filter) -> Iterator[str]:
    """One JSON array of objects."""
    return _json(_pieces(db.engine, job_pk, wanted))


def as_ndjson(job_pk: int, wanted: Filter) -> Iterator[str]:
    """An object on each line."""
    return _ndjson(_pieces(db.engine, job_pk, wanted))


def row_of(ticket: JobTicket) -> dict[str, Any]:
    """A ledger row as programs see it."""
    row = {column: getattr(ticket, column) for column in COLUMNS}
    return row | {"updated_at": ticket.updated_at.isoformat()}


def _csv(pieces: Iterator[Rows]) -> Iterator[str]:
    yield _lines([COLUMNS])
    for rows in pieces:
        yield _lines([cell(row[column]) for column in COLUMNS] for row in rows)


def _json(pieces: Iterator[Rows]) -> Iterator[str]:
    start = "[\n"
    for rows in pieces:
        yield start + ",\n".join(map(_dumped, rows))
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def _ndjson(pieces: Iterator[Rows]) -> Iterator[str]:
    for rows in pieces:
        yield "".join(f"{_dumped(row)}\n" for row in rows)


def _pieces(engine: Engine, job_pk: int, wanted: Filter) -> Iterator[Rows]:
    """The wanted rows, piece by piece by key: no transaction is open while a client reads slowly."""
    after = -1
    while piece := _piece(engine, job_pk, wanted, after):
        yield [row_of(ticket) for ticket in piece]
        after = piece[-1].position


def _piece(engine: Engine, job_pk: int, wanted: Filter, after: int) -> list[JobTicket]:
    rows = wanted.rows(job_pk, _PIECE, after=after).where(JobTicket.position > after)
    # Not the rest of it: a comment that waits to be sent is a secret, and its key is the app's.
    rows = rows.options(load_only(*(getattr(JobTicket, column) for column in COLUMNS)))
    with Session(engine) as session:
        return list(session.scalars(rows.order_by(JobTicket.position).limit(_PIECE)))


def _lines(rows: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def _dumped(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
