"""The orders in which jobs are listed, and places in them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.database import unindexed
from app.models import Job
from app.services.paging import Listed, page_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PLACE = re.compile(r"([0-9]{1,16})-([0-9]{1,9})")


class Sort(StrEnum):
    """Each has an index. How long a job ran is none of them: for one that runs, it is not in the table."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TICKETS = "tickets"  # those with the most come first

    @property
    def column(self) -> Any:
        return Job.total_items if self is Sort.TICKETS else Job.created_at

    @property
    def descends(self) -> bool:
        return self is not Sort.OLDEST


@dataclass(frozen=True)
class Place:
    """Where a job stands in an order. It can be told in an address, and stays when the job is deleted."""

    value: int | datetime
    pk: int

    @classmethod
    def parse(cls, text: str, sort: Sort) -> Self | None:
        """None for what is no place in this order."""
        if not (match := _PLACE.fullmatch(text)):
            return None
        number, pk = int(match[1]), int(match[2])
        if sort is Sort.TICKETS:
            return cls(number, pk) if number < 2**31 else None
        return cls(_EPOCH + number * _MICROSECOND, pk)

    @classmethod
    def of(cls, job: Job, sort: Sort) -> Self:
        return cls(job.total_items if sort is Sort.TICKETS else job.created_at, job.id)

    def __str__(self) -> str:
        value = self.value
        number = value if isinstance(value, int) else (value - _EPOCH) // _MICROSECOND
        return f"{number}-{self.pk}"

    def beyond(self, column: Any, *, upwards: bool) -> ColumnElement[bool]:
        """Has a job more in the column than this place, or less?"""
        if upwards:
            return and_(column >= self.value, or_(column > self.value, Job.id > self.pk))
        return and_(column <= self.value, or_(column < self.value, Job.id < self.pk))


def paged(
    rows: Select[Job],
    sort: Sort,
    size: int,
    *,
    after: Place | None = None,
    before: Place | None = None,
    keys_first: bool = False,
) -> Listed[Job]:
    """The jobs after a place, or just before one; from the start without. Its cursors are places, as text.

    `keys_first` for what may go through all jobs to find few: it stays within one index, which holds all it asks for
    and is by day.
    """
    backwards = after is None and before is not None
    upwards = sort.descends == backwards
    anchor = after or before
    column = unindexed(sort.column) if keys_first and sort is Sort.TICKETS else sort.column
    if anchor is not None:
        rows = rows.where(anchor.beyond(column, upwards=upwards))
    order = [one.asc() if upwards else one.desc() for one in (column, Job.id)]
    rows = rows.order_by(*order)
    if keys_first:
        keys = rows.with_only_columns(Job.id).limit(size + 1)
        rows = select(Job).where(Job.id.in_(keys)).order_by(*order)
    return page_of(
        rows,
        size,
        lambda job: str(Place.of(job, sort)),
        backwards=backwards,
        came_from_elsewhere=anchor is not None,
    )
