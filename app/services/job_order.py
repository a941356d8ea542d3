"""The orders in which jobs are listed, and places in them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, or_

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

    def beyond(self, sort: Sort, *, backwards: bool) -> ColumnElement[bool]:
        """Is a job after this place, or before it?"""
        column = sort.column
        if sort.descends == backwards:
            return and_(column >= self.value, or_(column > self.value, Job.id > self.pk))
        return and_(column <= self.value, or_(column < self.value, Job.id < self.pk))


def paged(
    rows: Select[Job],
    sort: Sort,
    size: int,
    *,
    after: Place | None = None,
    before: Place | None = None,
) -> Listed[Job]:
    """The jobs after a place, or just before one; from the start without. Its cursors are places, as text."""
    backwards = after is None and before is not None
    anchor = after or before
    if anchor is not None:
        rows = rows.where(anchor.beyond(sort, backwards=backwards))
    columns = (sort.column, Job.id)
    order = [one.asc() if sort.descends == backwards else one.desc() for one in columns]
    return page_of(
        rows.order_by(*order),
        size,
        lambda job: str(Place.of(job, sort)),
        backwards=backwards,
        came_from_elsewhere=anchor is not None,
    )
