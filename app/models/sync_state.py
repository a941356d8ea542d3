"""How far the local copy of the tickets has come: of which account, since when, and where it goes on."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime
from app.extensions import Model


class SyncState(Model):
    """One row, under the id ONLY. It changes in the transaction that writes a page's tickets.

    `since`, `read_until` and `restarted_at` are seconds since the epoch.
    """

    __tablename__ = "sync_state"

    ONLY = 1

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(BigInteger, default=0)  # grows with each change of the row
    base_url: Mapped[str] = mapped_column(String(255))  # the account that the tickets are of
    # Another account's tickets are being removed, and until that is over none are added.
    is_clearing: Mapped[bool] = mapped_column(default=False)
    since: Mapped[int] = mapped_column(BigInteger)  # what changed before is not looked for
    read_until: Mapped[int] = mapped_column(
        BigInteger
    )  # what changed from `since` to here was read
    cursor: Mapped[str | None] = mapped_column(Text)  # of the next page; None: by `read_until`
    restarted_at: Mapped[int | None] = mapped_column(
        BigInteger
    )  # `read_until` when a cursor was lost
    # The sync that runs or ran last, and what it read so far.
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pages: Mapped[int] = mapped_column(default=0)
    tickets: Mapped[int] = mapped_column(default=0)
    deleted: Mapped[int] = mapped_column(default=0)
    odd: Mapped[int] = mapped_column(default=0)  # what could not be kept
    note: Mapped[str] = mapped_column(Text, default="")  # sentences for people
