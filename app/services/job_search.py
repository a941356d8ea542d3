"""What somebody looks for among jobs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from app.database import unindexed
from app.extensions import db
from app.models import Job, JobStatus
from app.services.job_order import Sort

MOST_CHARACTERS = 200
MOST_WORDS = 8
_WILDCARD, _ESCAPED = re.compile(r"([%_\\])"), r"\\\1"
_JOB_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_START_OF_ID = re.compile(r"[0-9a-f]{4,8}|[0-9a-f]{8}-[0-9a-f-]{0,27}")


@dataclass(frozen=True)
class Search:
    """Empty fields leave everything in. Days begin and end at midnight UTC."""

    text: str = ""
    status: JobStatus | None = None
    tool: str | None = None
    owner: int | None = None  # a user's key
    since: date | None = None
    until: date | None = None  # that day too
    sort: Sort = Sort.NEWEST

    @property
    def is_narrow(self) -> bool:
        """Does it leave anything out, beside by status?"""
        return any((self.text, self.tool, self.owner, self.since, self.until))

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """All but the status, which the counts go by."""
        if self.tool:
            yield unindexed(Job.tool_slug) == self.tool
        if self.owner:
            yield self.owned_by(self.owner)
        if self.since:
            yield _created_at(self) >= _midnight(self.since)
        if self.until:
            yield _created_at(self) < _midnight(self.until + timedelta(days=1))
        if self.text:
            yield _has_text(self.text)

    def owned_by(self, user_id: int) -> ColumnElement[bool]:
        """Is the job this user's? Words are looked for along one index, whosever the jobs are."""
        return (unindexed(Job.user_id) if self.text else Job.user_id) == user_id

    def with_status(self) -> Iterator[ColumnElement[bool]]:
        yield from self.conditions()
        if self.status:
            yield unindexed(Job.status) == self.status


def parse_day(text: str) -> date | None:
    """A day as browsers send it. ValueError for what is none."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if not 1970 <= day.year < 9999:
        raise ValueError("a year without jobs")
    return day


def _created_at(search: Search) -> Any:
    """Days are looked up where jobs are listed by day; elsewhere the order's own index is to be used."""
    return unindexed(Job.created_at) if search.sort is Sort.TICKETS else Job.created_at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _has_text(text: str) -> ColumnElement[bool]:
    """Each word in the title or the reason; or the id of the job, as a page's address or its start."""
    wanted = text.lower()
    if match := _JOB_ID.search(wanted):
        return Job.job_id == match[0]
    words = [or_(has_word(Job.title, word), has_word(Job.reason, word)) for word in text.split()]
    found = and_(*words[:MOST_WORDS])
    return or_(found, Job.id.in_(of_id(wanted))) if _START_OF_ID.fullmatch(wanted) else found


def of_id(start: str) -> Any:
    """The keys of jobs whose id starts so. The range is for the index: g comes after all that an id is made of."""
    of_range = Job.job_id.between(start, f"{start}g")
    return select(Job.id).where(of_range, Job.job_id.startswith(start, autoescape=True))


def has_word(column: Any, word: str) -> ColumnElement[bool]:
    """Without regard to case: of the letters a to z alone on SQLite, whose LIKE does so by itself."""
    like = column.like if db.engine.dialect.name == "sqlite" else column.ilike
    return like(f"%{_WILDCARD.sub(_ESCAPED, word)}%", escape="\\")
