"""One event on its way to one receiver: a webhook, or a person by mail."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.job_event import JobEvent
from app.models.webhook import Webhook

# A delivery that never succeeds is given up so long after it was asked for.
GIVEN_UP_AFTER = timedelta(hours=24)


class DeliveryState(StrEnum):
    WAITING = "waiting"  # to be tried, or to be tried again
    SENT = "sent"
    GIVEN_UP = "given_up"  # it is not tried again, unless somebody asks for it


class Delivery(Model):
    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "webhook_id"),
        UniqueConstraint("event_id", "user_id"),
        Index("ix_deliveries_webhook_id_id", "webhook_id", "id"),
        # For those in one state, and how many they are.
        Index("ix_deliveries_webhook_id_state", "webhook_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The same at each try: a receiver that had it knows it by this.
    key: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()))
    event_id: Mapped[int] = mapped_column(ForeignKey("job_events.id", ondelete="CASCADE"))
    event: Mapped[JobEvent] = relationship()
    # One of the two.
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    webhook: Mapped[Webhook | None] = relationship()
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(16), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # None unless it waits.
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=now, index=True)
    gives_up_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=lambda: now() + GIVEN_UP_AFTER
    )
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What the receiver answered last, or why there was no answer. Its first characters: a stranger wrote it.
    answer_status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    @property
    def is_waiting(self) -> bool:
        return self.state == DeliveryState.WAITING
