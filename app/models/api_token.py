"""The access tokens with which programs sign in for a person."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.user import User


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"  # and read


class ApiToken(Model):
    """The token itself is not kept: its hash is enough to know it again."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(12))  # by which people tell it from others
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # to the minute
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def __repr__(self) -> str:
        return f"<ApiToken {self.id}>"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= now()

    @property
    def is_good(self) -> bool:
        """Does it let anybody in?"""
        return self.revoked_at is None and not self.is_expired and self.user.enabled

    @property
    def state(self) -> str:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.is_expired else "in use"

    def allows(self, scope: Scope) -> bool:
        return scope in (Scope.READ, self.scope)
