"""A link with which somebody sets their own password: an invitation, or a way back in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.user import User


class Purpose(StrEnum):
    INVITE = "invite"
    RESET = "reset"


class AccountLink(Model):
    """Deleted when it is used, so that each is good for one password.

    One that a person asked for without being signed in has neither token nor account, only the email that was typed,
    until a worker has looked whose it is.
    """

    __tablename__ = "account_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    email: Mapped[str] = mapped_column(String(254), default="")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    # Whose power it is made with: it ends when they lose it. None for the person themself, or the command line.
    made_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    address: Mapped[str] = mapped_column(String(45), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def __repr__(self) -> str:
        return f"<AccountLink {self.id}>"
