"""The local copy of the tickets: what is newer goes in, what is old or of another account goes out."""

import functools
import math
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, IntegrityError

from app.database import now, tried_again, writing
from app.extensions import db
from app.models import IssueTicket, MirroredTicket, SyncState, TicketAnalysis
from app.models.mirrored_ticket import LONGEST_DESCRIPTION, LONGEST_SUBJECT
from app.zendesk.resources import ExportedTicket

TICKETS = cast(Table, MirroredTicket.__table__)
# What is known of tickets, made from their texts: it goes when these do.
DERIVED = tuple(cast(Table, one.__table__) for one in (TicketAnalysis, IssueTicket))
DELETED = "deleted"  # Zendesk's status of such a ticket
PIECE = 1000  # tickets a transaction, of those that go
BREATH_SECONDS = 0.02


def put(database: Connection, tickets: Iterable[ExportedTicket]) -> int:
    """Write the tickets that are newer than their copies, in the caller's transaction.

    How many the database refused, which costs the others nothing. Of a deleted one goes what was made of its text.
    """
    rows = [_row(ticket) for ticket in _newest(tickets)]
    if not rows:
        return 0
    refused = _refused(database, rows)
    _forget_derived(database, [row["id"] for row in rows if row["deleted"]], TICKETS.c.deleted)
    return refused


def _refused(database: Connection, rows: list[dict[str, Any]]) -> int:
    statement = _upsert(database.dialect.name)
    try:
        with database.begin_nested():
            database.execute(statement, rows)
    except (DataError, IntegrityError):  # nobody knows of which: the others are kept
        return sum(not _is_kept(database, statement, row) for row in rows)
    return 0


def remove_piece(database: Connection) -> int:
    """Remove some tickets, whichever they are, in the caller's transaction. How many: 0 once there are none."""
    return _remove(database)


def forget_before(days: int, until: float = math.inf) -> int:
    """Remove the tickets that last changed longer ago than so many days, deleted ones too; 0 days keep all.

    Piece by piece, each its own transaction, until `time.monotonic()` is `until`: what is left goes the next time.
    A later backfill that reaches back further reads them again. The caller has no transaction. How many went.
    """
    if days <= 0:
        return 0
    before, gone = now() - timedelta(days=days), 0
    _note_forgotten(int(before.timestamp()))
    while True:
        piece = _forget_piece(MirroredTicket.updated_at < before)
        gone += piece
        if piece < PIECE or time.monotonic() >= until:
            return gone
        time.sleep(BREATH_SECONDS)


def _newest(tickets: Iterable[ExportedTicket]) -> Iterable[ExportedTicket]:
    """Each ticket once: of two versions the newer one, and of two of the same second the later in the export."""
    newest: dict[int, ExportedTicket] = {}
    for ticket in tickets:
        other = newest.get(ticket.id)
        if other is None or ticket.generated_timestamp >= other.generated_timestamp:
            newest[ticket.id] = ticket
    return newest.values()


def _row(ticket: ExportedTicket) -> dict[str, Any]:
    is_deleted = ticket.status == DELETED
    return {
        "id": ticket.id,
        "subject": "" if is_deleted else ticket.subject[:LONGEST_SUBJECT],
        "description": "" if is_deleted else ticket.description[:LONGEST_DESCRIPTION],
        "status": ticket.status[:20],
        "tags": [] if is_deleted else list(ticket.tags),
        "priority": ticket.priority[:20],
        "kind": ticket.type[:20],
        "requester_id": ticket.requester_id,
        "organization_id": ticket.organization_id,
        "group_id": ticket.group_id,
        "brand_id": ticket.brand_id,
        "assignee_id": ticket.assignee_id,
        "via_channel": ticket.channel[:60],
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "generated_timestamp": ticket.generated_timestamp,
        "deleted": is_deleted,
    }


@functools.cache
def _upsert(dialect: str) -> Any:
    """Made once, since to put it together takes long. An older version changes nothing."""
    inserting = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = inserting(TICKETS)
    old, new = TICKETS.c, statement.excluded
    is_same_text = (old.subject == new.subject) & (old.description == new.description)
    changes: dict[str, Any] = {
        column.name: new[column.name] for column in old if column.name != "id"
    }
    changes["analysed_at"] = case((is_same_text, old.analysed_at))
    return statement.on_conflict_do_update(
        index_elements=["id"],
        set_=changes,
        where=new.generated_timestamp >= old.generated_timestamp,
    )


def _is_kept(database: Connection, statement: Any, row: dict[str, Any]) -> bool:
    try:
        with database.begin_nested():
            database.execute(statement, [row])
    except (DataError, IntegrityError):
        return False
    return True


def _remove(database: Connection, *conditions: ColumnElement[bool]) -> int:
    """With what was made of them. That goes last: whoever writes it holds the ticket, and is waited for."""
    some = select(MirroredTicket.id).where(*conditions).limit(PIECE)
    going = delete(TICKETS).where(TICKETS.c.id.in_(some)).returning(TICKETS.c.id)
    gone = list(database.scalars(going))
    _forget_derived(database, gone)
    return len(gone)


def _forget_derived(database: Connection, ids: list[int], *conditions: ColumnElement[bool]) -> None:
    """Of those of the tickets that are so."""
    if ids and conditions:
        found = select(TICKETS.c.id).where(TICKETS.c.id.in_(ids), *conditions)
        ids = list(database.scalars(found))
    for table in DERIVED if ids else ():
        database.execute(delete(table).where(table.c.ticket_id.in_(ids)))


@tried_again()
def _forget_piece(condition: ColumnElement[bool]) -> int:
    with writing(), db.engine.begin() as database:
        return _remove(database, condition)


@tried_again()
def _note_forgotten(before: int) -> None:
    """What is forgotten is no longer there to be gone on from."""
    with writing(), db.engine.begin() as database:
        database.execute(update(SyncState).where(SyncState.since < before).values(since=before))
