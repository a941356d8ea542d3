"""What the people of one role may do with one tool, where an admin has chosen it."""

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class ToolLimit(Model):
    """Without a row, the tool itself says it: see `services.permissions`."""

    __tablename__ = "tool_limits"
    __table_args__ = (UniqueConstraint("role", "tool_slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    tool_slug: Mapped[str] = mapped_column(String(64))
    may_use: Mapped[bool]
    largest_job: Mapped[int | None]  # tickets; None: as many as the tool permits
    public_replies: Mapped[bool]
    view_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # None: all
    group_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # None: all
    approval_above: Mapped[int | None]  # tickets; None: a second person is never asked for that
    approval_for_replies: Mapped[bool]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
