"""Where the export of the tickets goes on, and what the sync has read so far: the one row of `sync_state`."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, insert, select, update
from sqlalchemy.engine import Connection

from app.database import now
from app.models import SyncState

STATE = cast(Table, SyncState.__table__)
Place = Row[Any]  # of `STATE`
OVERLAP = 300  # seconds that are read again where a cursor is lost
# A backfill that begins so little earlier than the last one is the same, from a clock that was put right.
AS_BEFORE = 3600
_NOTHING_READ = {"pages": 0, "tickets": 0, "deleted": 0, "odd": 0, "note": ""}


class Overtaken(Exception):
    """Somebody else has moved on from here."""


def read(database: Connection) -> Place | None:
    return database.execute(select(STATE)).one_or_none()


def changes(place: Place | None, base_url: str, backfill_days: int) -> dict[str, Any]:
    """What a sync that is to begin or to go on has to change of the place first; nothing where it just goes on.

    A place belongs to one account. That of another is left, and its tickets are to be removed before any is added.
    """
    since = int((now() - timedelta(days=backfill_days)).timestamp())
    is_other = place is not None and place.base_url != base_url
    changed: dict[str, Any] = {}
    if place is None or is_other or place.ended_at is not None:
        changed = {**_NOTHING_READ, "began_at": now(), "ended_at": None}
    if place is None or is_other:
        changed |= {**_from(since), "base_url": base_url, "is_clearing": is_other}
    if place is None:
        return changed
    if is_other:
        words = f"The tickets of {place.base_url} were removed, since Giga Tools is connected to {base_url} now."
        changed["note"] = words
    elif since < place.since - AS_BEFORE:
        words = f"It goes back further than before, to {shown(since)}."
        changed |= {**_from(since), "note": noted(changed.get("note", place.note), words)}
    return changed


def begin(database: Connection, place: Place | None, changed: dict[str, Any]) -> Place:
    """The place with these changes. Raises Overtaken."""
    if place is not None:
        return move(database, place, **changed)
    first = insert(STATE).values(id=SyncState.ONLY, turn=0, **changed)
    return database.execute(first.returning(*STATE.c)).one()


def move(database: Connection, place: Place, **values: Any) -> Place:
    """Go on to another place, in the transaction that writes what was read here. Raises Overtaken."""
    mine = update(STATE).where(STATE.c.id == SyncState.ONLY, STATE.c.turn == place.turn)
    moved = database.execute(mine.values(turn=place.turn + 1, **values).returning(*STATE.c))
    found = moved.one_or_none()
    if found is None:
        raise Overtaken
    return found


def noted(note: str, words: str) -> str:
    """The note with one sentence more, unless it is there."""
    return note if words in note else f"{note} {words}".strip()


def shown(seconds: int) -> str:
    """Seconds since the epoch, for people."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def _from(since: int) -> dict[str, Any]:
    return {"since": since, "read_until": since, "cursor": None, "restarted_at": None}
