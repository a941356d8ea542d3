"""The tickets of an issue, as they are in it when the plan is made."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.models import Issue, IssueTicket, MirroredTicket
from app.services.engine.lease import read_apart
from app.services.selections.page import SelectionGone, SelectionPage
from app.zendesk.client import PAGE, Client


@dataclass(frozen=True)
class OfIssue:
    """The newest first. The cursor is the last ticket that was read: what joins the issue meanwhile is left out."""

    key: str
    shifts = False

    def read(self, client: Client, cursor: str | None) -> SelectionPage:
        ids = self._ids(int(cursor) if cursor else None)
        found = client.tickets(ids) if ids else {}
        return SelectionPage(
            tickets=[found[one] for one in ids if one in found],
            missing=[one for one in ids if one not in found],
            cursor=str(ids[-1]) if len(ids) == PAGE else None,
        )

    @read_apart
    def _ids(self, before: int | None) -> list[int]:
        rows = self._tickets(IssueTicket.ticket_id)
        if before is not None:
            rows = rows.where(IssueTicket.ticket_id < before)
        return list(db.session.scalars(rows.order_by(IssueTicket.ticket_id.desc()).limit(PAGE)))

    @read_apart
    def matched(self, client: Client) -> int:
        return self.number()

    def number(self) -> int:
        """How many tickets it has. Raises SelectionGone."""
        return db.session.scalar(self._tickets(func.count())) or 0

    def _tickets(self, *columns: Any) -> Any:
        issue = db.session.execute(
            select(Issue.id, Issue.merged_into_id).where(Issue.key == self.key)
        ).one_or_none()
        if issue is None or issue.merged_into_id is not None:
            raise SelectionGone(
                "The issue whose tickets were chosen was merged into another, or is gone. No ticket was changed. "
                "Open it, and choose its tickets anew."
            )
        return (
            select(*columns)
            .select_from(IssueTicket)
            .join(MirroredTicket, MirroredTicket.id == IssueTicket.ticket_id)
            .where(IssueTicket.issue_id == issue.id, MirroredTicket.deleted.is_(False))
        )
