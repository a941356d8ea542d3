"""How an issue develops: the states, which may follow which, and when each issue went from one to another."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime
from app.extensions import Model


class IssueState(StrEnum):
    NEW = "new"  # its first ticket is not old
    ONGOING = "ongoing"
    ESCALATING = "escalating"  # far more tickets come than usual
    RESOLVED = "resolved"  # none has come for so long that it means something
    REGRESSED = "regressed"  # tickets came again after that


FOLLOWING: dict[IssueState, frozenset[IssueState]] = {
    IssueState.NEW: frozenset({IssueState.ONGOING, IssueState.ESCALATING, IssueState.RESOLVED}),
    IssueState.ONGOING: frozenset({IssueState.ESCALATING, IssueState.RESOLVED}),
    # It is not new again, even if all of it happened in its first days.
    IssueState.ESCALATING: frozenset({IssueState.ONGOING, IssueState.RESOLVED}),
    IssueState.RESOLVED: frozenset({IssueState.REGRESSED}),
    IssueState.REGRESSED: frozenset(
        {IssueState.ONGOING, IssueState.ESCALATING, IssueState.RESOLVED}
    ),
}


class IssueTransition(Model):
    """`at` is up to when the tickets were known that led to it."""

    __tablename__ = "issue_transitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    from_state: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
