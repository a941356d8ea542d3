"""How far clustering is: one row while it works, so that a run that was cut off is gone on with."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model


class ClusteringState(Model):
    __tablename__ = "clustering_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # always 1
    phase: Mapped[str] = mapped_column(String(8))
    after_id: Mapped[int] = mapped_column(
        BigInteger, default=0
    )  # of tickets or issues: these are done
    rounds: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)  # tickets without a place when it began
    offered: Mapped[int] = mapped_column(default=0)
    joined: Mapped[int] = mapped_column(default=0)
    founded: Mapped[int] = mapped_column(default=0)  # issues
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
