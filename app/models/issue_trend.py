"""How many tickets of an issue were written in an hour, by how many customers, and how severe they are."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class IssueTrend(Model):
    """Hours without a ticket have no row. Severities add up to less than `volume` while tickets are not analysed."""

    __tablename__ = "issue_trends"
    __table_args__ = (Index("ix_issue_trends_hour", "hour"),)

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # Since the beginning of 1970, in UTC: a day is 24 of them whatever clocks are changed, and both databases group
    # whole numbers alike.
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    volume: Mapped[int]
    requesters: Mapped[int]  # different ones
    organizations: Mapped[int]
    low: Mapped[int]
    normal: Mapped[int]
    high: Mapped[int]
    critical: Mapped[int]
