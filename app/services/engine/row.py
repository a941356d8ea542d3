"""A row of the ledger, as far as sending it and judging what became of it need it."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from app.models import JobTicket
from app.services.change import Change
from app.services.comment import Comment


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


def rows_where(*conditions: Any) -> Any:
    """Those rows, in the plan's order, to be read with `Row(*values)`."""
    return (
        select(
            JobTicket.position,
            JobTicket.ticket_id,
            JobTicket.before,
            JobTicket.after,
            JobTicket.planned_stamp,
            JobTicket.payload_key,
            JobTicket.attempts,
            JobTicket.filled_in,
        )
        .where(*conditions)
        .order_by(JobTicket.position)
    )
