"""Where a ticket belongs. A ticket without a row has not been placed: it is like no other yet, or new."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class IssueTicket(Model):
    __tablename__ = "issue_tickets"
    __table_args__ = (Index("ix_issue_tickets_issue_id_ticket_id", "issue_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # None: a person said that it belongs to no issue.
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    similarity: Mapped[float]  # to the nearest tickets of the issue when it joined, up to 1
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    placed_by_person: Mapped[bool] = mapped_column(default=False)
