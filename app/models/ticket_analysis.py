"""What an analyser has made of a ticket, or why it could not."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime
from app.extensions import Model


class TicketAnalysis(Model):
    """`failed_at` and what stands with it are of the last try, and empty if that went well.

    A ticket that was analysed before and fails after an edit keeps what was known of it.
    """

    __tablename__ = "ticket_analyses"
    __table_args__ = (
        Index("ix_ticket_analyses_kind", "kind"),
        Index("ix_ticket_analyses_error_code", "error_code"),
    )

    ticket_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    analyser: Mapped[str] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str | None] = mapped_column(String(12))  # None until an analyser could tell
    severity: Mapped[str | None] = mapped_column(String(8))
    sentiment: Mapped[str | None] = mapped_column(String(8))
    phrases: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(8))
    confidences: Mapped[dict[str, float]] = mapped_column(JSON)  # from 0 to 1, by column
    analysed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int]  # that failed, of the ticket as it is now
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: none is to come
    error_code: Mapped[str | None] = mapped_column(String(16))
    # The ticket's `generated_timestamp` that was read. Once it has another, its tries begin anew.
    ticket_stamp: Mapped[int] = mapped_column(BigInteger)

    def __repr__(self) -> str:
        return f"<TicketAnalysis {self.ticket_id}>"
