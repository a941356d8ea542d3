"""A run of the pipeline, or of another thing that is done by schedule: what it was asked for, and how far it is."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.leased import Leased
from app.models.schedule import Schedule
from app.models.user import User


class RunKind(StrEnum):
    SYNC = "sync"
    ANALYZE = "analyze"
    PIPELINE = "pipeline"  # sync, analyse, cluster, trends
    TRENDS = "trends"
    REPORT = "report"
    CLEANUP = "cleanup"
    HEALTH = "health"

    @property
    def lane(self) -> str:
        """Runs of one lane exclude each other: those that work on the same tickets, and else those of one kind."""
        return "pipeline" if self in _OF_THE_PIPELINE else str(self)


_OF_THE_PIPELINE = frozenset({RunKind.SYNC, RunKind.ANALYZE, RunKind.PIPELINE, RunKind.TRENDS})


class RunStatus(StrEnum):
    PENDING = "pending"  # no worker has taken it up yet, or it waits for its lane
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"  # `error` says why
    SKIPPED = "skipped"  # it was never begun; `error` says why

    @property
    def is_over(self) -> bool:
        return self not in UNDER_WAY


UNDER_WAY = frozenset({RunStatus.PENDING, RunStatus.RUNNING})


class PipelineRun(Leased, Model):
    __tablename__ = "pipeline_runs"
    __table_args__ = (
        # One run in each lane at a time, whoever asks at the same moment.
        Index("uq_pipeline_runs_lane", "lane", unique=True),
        Index("ix_pipeline_runs_status_wake_at", "status", "wake_at"),
        Index("ix_pipeline_runs_schedule_id_id", "schedule_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(
        String(36), unique=True, index=True, default=lambda: str(uuid.uuid4())
    )
    kind: Mapped[str] = mapped_column(String(16))
    stages: Mapped[list[str]] = mapped_column(JSON)
    options: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # Neither: somebody on the command line.
    requested_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    requested_by: Mapped[User | None] = relationship(lazy="joined")
    schedule_id: Mapped[str | None] = mapped_column(ForeignKey("schedules.id", ondelete="SET NULL"))
    schedule: Mapped[Schedule | None] = relationship(lazy="joined")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by its schedule
    begins_by: Mapped[datetime | None] = mapped_column(UtcDateTime)  # else it is skipped

    status: Mapped[str] = mapped_column(String(16), default=RunStatus.PENDING)
    lane: Mapped[str | None] = mapped_column(String(16))  # None while it does not have it
    stage: Mapped[str | None] = mapped_column(String(16))  # the one that it is at
    # By stage: done, total, is_over, result.
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(Text)  # a sentence, never with ticket text

    # Who works on it, and when to look again
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    setbacks: Mapped[int] = mapped_column(default=0)  # in a row, since it last got on
    got_on_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def __repr__(self) -> str:
        return f"<PipelineRun {self.run_id} {self.kind} {self.status}>"

    @property
    def is_over(self) -> bool:
        return RunStatus(self.status).is_over

    @property
    def started_by(self) -> str:
        """Who or what asked for it, in words."""
        if self.schedule is not None:
            return f"the schedule “{self.schedule.name}”"
        return self.requested_by.email if self.requested_by else "somebody on the command line"

    @property
    def next_stage(self) -> str | None:
        """The first that is not over; None at the end."""
        return next((one for one in self.stages if not self.of_stage(one).get("is_over")), None)

    def of_stage(self, name: str) -> dict[str, Any]:
        """How far the stage is: done, total, is_over, result. Empty before it has begun."""
        return self.progress.get(name, {})

    @property
    def percent(self) -> int:
        """0 to 100, where each stage counts alike."""
        if self.status == RunStatus.COMPLETED:
            return 100
        shares = [self._share(self.of_stage(one)) for one in self.stages]
        return int(100 * sum(shares) / len(shares)) if shares else 0

    @staticmethod
    def _share(stage: dict[str, Any]) -> float:
        if stage.get("is_over"):
            return 1.0
        total = stage.get("total")
        return min(0.99, stage["done"] / total) if total else 0.0

    @property
    def seconds(self) -> float | None:
        """From its beginning to its end; None if it has not come to both."""
        if self.started_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.started_at).total_seconds()

    @property
    def result(self) -> dict[str, dict[str, Any]]:
        """What each stage came to."""
        return {name: self.of_stage(name).get("result", {}) for name in self.progress}
