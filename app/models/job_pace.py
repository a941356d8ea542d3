"""How many tickets a job dealt with in a short span of its time."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class JobPace(Model):
    __tablename__ = "job_paces"

    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    # When the span begins, in seconds since the writing did. How long it is follows from that: see `history.span`.
    since: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    settled: Mapped[int] = mapped_column(default=0)
