"""The access token of a connection: kept encrypted, and renewed by one process at a time."""

from datetime import datetime, timedelta

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime
from app.extensions import Model
from app.models.secret import Secret

# A token is renewed so long before its end, or in the last fifth of its life if that is less.
MARGIN = timedelta(minutes=5)


class OAuthToken(Model):
    __tablename__ = "oauth_tokens"
    __table_args__ = (UniqueConstraint("base_url", "client_id", "method"),)

    id: Mapped[int] = mapped_column(primary_key=True)

    # Which connection it belongs to
    base_url: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    method: Mapped[str] = mapped_column(String(32))
    # Tells whether it was given for the client secret that is set now, without holding the secret.
    secret_mark: Mapped[str] = mapped_column(String(64), default="")

    access_token: Mapped[str | None] = mapped_column(Secret)
    refresh_token: Mapped[str | None] = mapped_column(Secret)
    scopes: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: no end is known
    refresh_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Grows with each new token: whoever renews names the one that it saw.
    version: Mapped[int] = mapped_column(default=0)
    # When a token was last renewed because Zendesk refused the one before.
    replaced_refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # As whom an admin's consent lets us act, as Zendesk said on that day; empty for a minted one.
    person: Mapped[str] = mapped_column(Text, default="")
    person_role: Mapped[str] = mapped_column(String(32), default="")

    # Who is renewing it
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # The last refusal, remembered for some seconds: nobody asks again before then
    failed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(Text)
    failure_status: Mapped[int | None]

    # Only a person can mend it, by connecting again
    reconnect_reason: Mapped[str | None] = mapped_column(Text)
    reconnect_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def __repr__(self) -> str:
        return f"<OAuthToken {self.base_url} {self.method} v{self.version}>"

    @property
    def needs_reconnect(self) -> bool:
        return self.reconnect_since is not None

    def is_alive(self, at: datetime) -> bool:
        return self.access_token is not None and (self.expires_at is None or at < self.expires_at)

    def is_fresh(self, at: datetime) -> bool:
        """Is it alive, and not yet to be renewed?"""
        renew_at = self.renew_at
        return self.is_alive(at) and (renew_at is None or at < renew_at)

    @property
    def renew_at(self) -> datetime | None:
        if self.expires_at is None or self.issued_at is None:
            return self.expires_at
        return self.expires_at - min(MARGIN, (self.expires_at - self.issued_at) / 5)
