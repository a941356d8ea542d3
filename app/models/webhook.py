"""An address of a program that is told of jobs."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import JSON, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.secret import Secret


class Webhook(Model):
    __tablename__ = "webhooks"
    # A number is never used again: it is what the audit log calls a webhook that is gone.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(JSON, default=list)  # values of `EventName`
    enabled: Mapped[bool] = mapped_column(default=True)
    # Deferred, so that a page which lists webhooks needs no key to decrypt them.
    secret: Mapped[str] = mapped_column(Secret, deferred=True)
    # The one before, which signs too until then.
    old_secret: Mapped[str | None] = mapped_column(Secret, deferred=True)
    old_secret_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None after a success
    # When it was switched off by itself; None where a person did it.
    gave_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    def __repr__(self) -> str:
        return f"<Webhook {self.id}>"

    @property
    def host(self) -> str:
        """All of the address that logs may have: the rest may hold what only the receiver should know."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_failing(self) -> bool:
        return self.failing_since is not None
