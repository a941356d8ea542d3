"""How the local copy of the macros stands: of which account, how old, and whether it is being renewed."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime
from app.extensions import Model


class MacroCopy(Model):
    """One row, under the id ONLY."""

    __tablename__ = "macro_copies"

    ONLY = 1

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    base_url: Mapped[str] = mapped_column(String(255), default="")  # the account that it is of
    copied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the last one was whole
    tells_usage: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when a worker was last asked
    # The lease of who renews it: others wait until it is free or has run out.
    holder: Mapped[str | None] = mapped_column(String(32))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trouble: Mapped[str | None] = mapped_column(Text)  # why the last try failed, in words
