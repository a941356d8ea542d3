"""The local copy of Zendesk's tickets, in which product problems are looked for."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime
from app.extensions import Model

LONGEST_SUBJECT = 1_000
LONGEST_DESCRIPTION = 20_000
# Deleted tickets are among them, so that both databases know the condition again in a query.
_IS_TO_ANALYSE = text("analysed_at IS NULL")


class MirroredTicket(Model):
    """Its texts are personal data: they are shown, never logged. A deleted ticket has none."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_created_at", "created_at"),
        Index("ix_tickets_updated_at", "updated_at"),
        Index(
            "ix_tickets_to_analyse",
            "id",
            sqlite_where=_IS_TO_ANALYSE,
            postgresql_where=_IS_TO_ANALYSE,
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # Zendesk's
    subject: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)  # its first LONGEST_DESCRIPTION characters
    status: Mapped[str] = mapped_column(
        String(20)
    )  # as Zendesk writes it, also where that is new to us
    tags: Mapped[list[str]] = mapped_column(JSON)
    priority: Mapped[str] = mapped_column(String(20))  # “” where none was ever set
    kind: Mapped[str] = mapped_column(String(20))  # Zendesk's `type`
    requester_id: Mapped[int | None] = mapped_column(BigInteger)
    organization_id: Mapped[int | None] = mapped_column(BigInteger)
    group_id: Mapped[int | None] = mapped_column(BigInteger)
    brand_id: Mapped[int | None] = mapped_column(BigInteger)
    assignee_id: Mapped[int | None] = mapped_column(BigInteger)
    via_channel: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Seconds since the epoch. Of two versions of a ticket, the one in which it is higher is the newer.
    generated_timestamp: Mapped[int] = mapped_column(BigInteger)
    deleted: Mapped[bool]
    # None until the ticket is analysed, and again once its text has changed.
    analysed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
