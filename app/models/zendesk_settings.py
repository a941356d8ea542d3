"""The connection: the Zendesk account, and how to sign in to it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.secret import Secret


class ZendeskSettings(Model):
    __tablename__ = "zendesk_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    subdomain: Mapped[str] = mapped_column(String(63))
    oauth_client_id: Mapped[str | None] = mapped_column(String(255))
    oauth_client_secret: Mapped[str | None] = mapped_column(Secret)
    email: Mapped[str | None] = mapped_column(String(254))
    api_token: Mapped[str | None] = mapped_column(Secret)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    def __repr__(self) -> str:
        return f"<ZendeskSettings {self.subdomain}>"
