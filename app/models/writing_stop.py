"""A time in which nothing is written to Zendesk, since an admin said so. It lasts until somebody lifts it."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class WritingStop(Model):
    __tablename__ = "writing_stops"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    began_by: Mapped[str] = mapped_column(String(254))  # outlives the account
    reason: Mapped[str] = mapped_column(Text)
    # Indexed, since whoever is about to write looks for the one that is not lifted.
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    lifted_by: Mapped[str] = mapped_column(String(254), default="")
