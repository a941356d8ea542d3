"""A row of the ledger, as far as sending it and judging what became of it need it."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import JobTicket
from app.services.change import Change
from app.services.comment import Comment
from app.zendesk.resources import Ticket

CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Row:
    position: int
    ticket_id: int
    before: dict[str, Any]
    after: dict[str, Any]
    planned_stamp: str
    payload_key: str | None
    attempts: int
    filled_in: str | None = field(default=None, repr=False)

    # As an update names the ticket

    @property
    def id(self) -> int:
        return self.ticket_id

    @property
    def updated_at(self) -> str:
        """As it was when the change was made, to be compared with what Zendesk has now."""
        return self.planned_stamp

    @property
    def change(self) -> Change:
        """The planned change. Of its comment the ledger has only the beginning, so it cannot be sent as it is."""
        return Change.from_ledger(self.before, self.after, self._comment)

    @property
    def completed(self) -> Change | None:
        """The change with its comment as it was filled in by an earlier slice; None if it was not."""
        if self.filled_in is None or self._comment is None:
            return None
        comment = Comment(self.filled_in, is_html=True, public=self._comment.public)
        return replace(self.change, comment=None if comment.is_blank else comment)

    @property
    def _comment(self) -> Comment | None:
        said = self.after.get("comment")
        if said is None:
            return None
        return Comment(said["text"], is_html=False, public=said["public"], awaits_rendering=True)


def plan_of(ticket: Ticket, change: Change, shared: dict[str, Any] | None) -> dict[str, Any]:
    """What a row has of a planned change, by column. `shared` is what all tickets with such a change are sent.

    Closed tickets take that only in the form that carries no stamp.
    """
    stamp = "" if shared is not None and ticket.status == CLOSED else ticket.updated_at
    return {
        "before": change.before(ticket),
        "after": change.after(ticket),
        "planned_stamp": stamp,
        "payload_key": None if shared is None else _key(shared, bool(stamp)),
    }


def _key(shared: dict[str, Any], is_stamped: bool) -> str:
    """The same for all that go into one call."""
    form = json.dumps([shared, is_stamped], sort_keys=True)
    return hashlib.sha256(form.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A ticket that is noted as about to be sent, as an update names it."""

    id: int
    updated_at: str  # empty if it is to be sent without a stamp
    payload_key: str | None


def rows_where(*conditions: Any) -> list[Row]:
    """Those rows, in the plan's order. Part of the caller's transaction.

    They are put in order here: asked to do it, SQLite reads the whole job instead of an index.
    """
    rows = db.session.execute(
        select(
            JobTicket.position,
            JobTicket.ticket_id,
            JobTicket.before,
            JobTicket.after,
            JobTicket.planned_stamp,
            JobTicket.payload_key,
            JobTicket.attempts,
            JobTicket.filled_in,
        ).where(*conditions)
    )
    return sorted((Row(*row) for row in rows), key=lambda row: row.position)
