"""The audit log as CSV and lines of JSON, streamed, so that memory does not grow with it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import AuditEvent
from app.services import downloads
from app.services.audit_log import Filter

# With the id, the time in UTC, and all that the seal is made of, so that the chain can be checked elsewhere.
COLUMNS = ("id", "at", "actor", "action", "target", "detail", "address", "seal_no", "seal")
_PIECE = 1000


def as_csv(wanted: Filter, *, oldest_first: bool = False) -> Iterator[str]:
    """Lines of CSV, the header first. `detail` is JSON."""
    return downloads.as_csv(COLUMNS, _pieces(db.engine, wanted, oldest_first))


def as_ndjson(wanted: Filter, *, oldest_first: bool = False) -> Iterator[str]:
    """An object on each line."""
    return downloads.as_ndjson(_pieces(db.engine, wanted, oldest_first))


def row_of(event: AuditEvent) -> dict[str, Any]:
    """An entry as programs see it."""
    row = {column: getattr(event, column) for column in COLUMNS}
    return row | {"at": event.at.isoformat(timespec="microseconds")}


def _pieces(engine: Engine, wanted: Filter, oldest_first: bool) -> Iterator[list[dict[str, Any]]]:
    """Piece by piece by id: no transaction is open while a client reads slowly."""
    rows = wanted.rows().limit(_PIECE)
    rows = rows.order_by(AuditEvent.id if oldest_first else AuditEvent.id.desc())
    last: int | None = None
    while piece := _piece(engine, rows, last, oldest_first):
        yield [row_of(event) for event in piece]
        last = piece[-1].id


def _piece(engine: Engine, rows: Any, last: int | None, oldest_first: bool) -> list[AuditEvent]:
    if last is not None:
        rows = rows.where(AuditEvent.id > last if oldest_first else AuditEvent.id < last)
    with Session(engine) as session:
        return list(session.scalars(rows))
