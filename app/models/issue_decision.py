"""What people decided about an issue. Clustering obeys it, and the issue's page tells it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class Decided(StrEnum):
    RENAMED = "renamed"
    MERGED = "merged"  # another issue into this one, or this one into another
    SPLIT = "split"  # tickets left it for a new issue, or it was made by that
    DISMISSED = "dismissed"
    RESTORED = "restored"
    TICKETS_MOVED = "tickets_moved"


class IssueDecision(Model):
    __tablename__ = "issue_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str] = mapped_column(String(254))  # outlives the account
    decided: Mapped[str] = mapped_column(String(16))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
