"""A second person's word on one plan: who asked for it, with what agreed to, and who gave it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UtcDateTime
from app.extensions import Model
from app.models.user import User


class Approval(Model):
    """It is about the plan with this digest, and so says nothing of a plan that was changed since."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("job_id", "plan_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    plan_digest: Mapped[str] = mapped_column(String(64))

    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    asked_by: Mapped[User | None] = relationship(foreign_keys=asked_by_id)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What they agreed to when they asked, by the names of the form's fields; their start is carried out with it.
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    rejected_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    rejected_by: Mapped[User | None] = relationship(foreign_keys=rejected_by_id)
    rejected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")  # why it was rejected

    @property
    def is_waiting(self) -> bool:
        """Has somebody asked, and nobody answered?"""
        return self.asked_at is not None and self.approved_at is None
