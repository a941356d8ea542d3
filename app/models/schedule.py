"""A schedule: what is to be run by itself, and when."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class Schedule(Model):
    __tablename__ = "schedules"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # “daily_sync”
    place: Mapped[int]  # in lists
    name: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))  # of its runs: a `RunKind`
    cron: Mapped[str] = mapped_column(String(128))
    zone: Mapped[str] = mapped_column(String(64), default="UTC")  # in which the cron text is read
    enabled: Mapped[bool] = mapped_column(default=True)
    grace_seconds: Mapped[int] = mapped_column(default=3600)  # later than that it is not begun
    coalesce: Mapped[bool] = mapped_column(default=True)  # several missed runs become one
    # None while it is switched off, and until beat has looked at it for the first time.
    next_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    def __repr__(self) -> str:
        return f"<Schedule {self.id} {self.cron}>"

    @property
    def tzinfo(self) -> tzinfo:
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)
