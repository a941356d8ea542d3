"""What became of a job, or of Giga Tools, that somebody should hear of.

An outbox: a row is added in the transaction in which it happens.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class EventName(StrEnum):
    COMPLETED = "job.completed"
    FAILED = "job.failed"
    CANCELLED = "job.cancelled"
    PAUSED = "job.paused"  # by itself
    PLANNED = "job.planned"  # the plan waits for a person
    APPROVAL = "job.waiting_for_approval"  # by an admin, as somebody asked
    SIGN_IN = "job.waiting_for_sign_in"
    HEALTH = (
        "health.changed"  # of no job: a part of Giga Tools has a problem now, or has none any more
    )
    ESCALATING = "issue.escalating"  # of no job: far more tickets come of an issue than usual
    TEST = "webhook.test"  # of no job: an admin tries a webhook


# Of no job, but for admins and webhooks.
NEWS = frozenset({EventName.HEALTH, EventName.ESCALATING})


class JobEvent(Model):
    __tablename__ = "job_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    # By this receivers know one that they have had.
    key: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    name: Mapped[str] = mapped_column(String(32))  # an `EventName`
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    # When it is to be handed out to those who want it; None once that is done.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=now, index=True)
    # No foreign key: the event outlives the job.
    job_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # Of the job as it was then, as `services.notices.events` takes them down: nothing of any ticket. Where it is about
    # no job: title, words, advice, and what else programs may want.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
