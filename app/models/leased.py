"""What workers take by a lease: one at a time has it, and what another wrote before is known by its fence."""

from datetime import datetime

from sqlalchemy import ColumnElement, String, false, func
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now


class Leased:
    """The columns of a table whose rows workers take."""

    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(default=0)

    @hybrid_property
    def is_held(self) -> bool:
        """Is a worker at it? One that died no longer is, when its lease has run out."""
        return self.lease_expires_at is not None and self.lease_expires_at > now()

    @is_held.inplace.expression
    @classmethod
    def _is_held(cls) -> ColumnElement[bool]:
        return func.coalesce(cls.lease_expires_at > now(), false())
