"""The connection: the Zendesk account, and how to sign in to it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.secret import Secret


class Method(StrEnum):
    """How we sign in."""

    CLIENT_CREDENTIALS = "client_credentials"  # an OAuth client, as the person who owns it
    AUTHORIZATION_CODE = "authorization_code"  # an OAuth client, as the admin who pressed Connect
    API_TOKEN = "api_token"  # noqa: S105

    @property
    def is_oauth(self) -> bool:
        return self is not Method.API_TOKEN


class ZendeskSettings(Model):
    __tablename__ = "zendesk_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    subdomain: Mapped[str] = mapped_column(String(63))
    method: Mapped[str] = mapped_column(String(32), default=Method.CLIENT_CREDENTIALS)
    # Those of the chosen way that are empty here are taken from the environment.
    oauth_client_id: Mapped[str | None] = mapped_column(String(255))
    oauth_client_secret: Mapped[str | None] = mapped_column(Secret)
    email: Mapped[str | None] = mapped_column(String(254))
    api_token: Mapped[str | None] = mapped_column(Secret)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    def __repr__(self) -> str:
        return f"<ZendeskSettings {self.subdomain}>"
