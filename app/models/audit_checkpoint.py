"""Where the audit log begins after its oldest entries were purged."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class AuditCheckpoint(Model):
    """The last entry that went: its number and its seal, from which the chain goes on."""

    __tablename__ = "audit_checkpoints"

    seal_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seal: Mapped[str] = mapped_column(String(64))
    removed: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
