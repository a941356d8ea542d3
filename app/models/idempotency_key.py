"""A call of a program that may be sent again: what it asked for, and what it was answered."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class IdempotencyKey(Model):
    """`status` is None until there is an answer."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))  # of method, path and content
    # The job that is made carries it, so that it is found again when whoever made it died before the answer.
    submission_key: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()))
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(String(255))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)  # by whoever works on it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)

    def __repr__(self) -> str:
        return f"<IdempotencyKey {self.id}>"
