"""The truth log: every update that reached a ticket, and what it really changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .changes import Effect
from .clock import to_iso
from .storage import Storage

OUTSIDE, TRIGGER = "outside", "trigger"
_KEEP = "INSERT INTO truth VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SELECT = (
    "SELECT cursor, at, ticket_id, via, job_id, author_id, effective, added, removed, detail"
    " FROM truth WHERE cursor > ?"
)


@dataclass(frozen=True)
class Origin:
    """By which way an update came: put, tags, update_many, batch, outside for somebody else, or
    trigger for a rule of Zendesk's own."""

    via: str
    author_id: int | None = None
    job_id: str | None = None


class Truth:
    """A row is a *delivery*: an update arrived. It is an *effective event* if it changed a thing.

    An edit by somebody else (`via` "outside") or by a trigger is logged as well, but no delivery.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._cursor = storage.read("SELECT coalesce(max(cursor), 0) FROM truth")[0][0]

    def record(
        self,
        at: int,
        ticket_id: int,
        origin: Origin,
        asked: dict[str, Any],
        effect: Effect | None,
        error: str | None = None,
    ) -> int:
        """Log one update and return its place in the log."""
        self._cursor += 1
        added, removed = (effect.added, effect.removed) if effect else ((), ())
        detail = {
            "asked": asked,
            "fields": effect.fields if effect else {},
            "comment": effect.comment if effect else None,
            "error": error,
        }
        row = (
            *(self._cursor, at, ticket_id, origin.via, origin.job_id, origin.author_id),
            *(int(bool(effect)), _joined(added), _joined(removed), json.dumps(detail)),
        )
        self._storage.write(_KEEP, row)
        return self._cursor

    def entries(
        self, ticket_id: int | None = None, after: int = 0, limit: int = -1
    ) -> list[dict[str, Any]]:
        """Entries in order, those after cursor `after`; a negative limit means all."""
        query, row = _SELECT, [after]
        if ticket_id is not None:
            query, row = f"{query} AND ticket_id = ?", [*row, ticket_id]
        rows = self._storage.read(f"{query} ORDER BY cursor LIMIT ?", [*row, limit])
        return [_entry(*row) for row in rows]

    def effective_before(self, cursor: int | None) -> Iterator[tuple[int, int]]:
        """Cursors and tickets of effective events, the newest first."""
        last = self._cursor + 1 if cursor is None else cursor
        while rows := self._storage.read(
            "SELECT cursor, ticket_id FROM truth WHERE cursor < ? AND effective"
            " ORDER BY cursor DESC LIMIT 1000",
            [last],
        ):
            yield from rows
            last = rows[-1][0]

    def deliveries(self) -> int:
        query = "SELECT count(*) FROM truth WHERE via NOT IN (?, ?)"
        return self._storage.read(query, [OUTSIDE, TRIGGER])[0][0]

    def events_adding(self, tag: str) -> dict[int, int]:
        """How many tickets had this tag added once, twice and so on."""
        rows = self._storage.read(
            "SELECT times, count(*) FROM (SELECT count(*) AS times FROM truth"
            " WHERE instr(added, ?) > 0 GROUP BY ticket_id) GROUP BY times ORDER BY times",
            [f" {tag} "],
        )
        return dict(rows)


def _joined(tags: tuple[str, ...]) -> str:
    return f" {' '.join(tags)} " if tags else ""


def _entry(cursor, at, ticket_id, via, job_id, author_id, effective, added, removed, detail):
    return {
        "cursor": cursor,
        "at": to_iso(at),
        "ticket_id": ticket_id,
        "via": via,
        "job_id": job_id,
        "author_id": author_id,
        "effective": bool(effective),
        "added_tags": added.split(),
        "removed_tags": removed.split(),
        **json.loads(detail),
    }
