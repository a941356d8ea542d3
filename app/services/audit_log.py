"""The audit log as people look through it: filtered, newest first, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from app.database import unindexed
from app.extensions import db
from app.models import AuditEvent
from app.services.paging import Listed, paged

EVENTS_A_PAGE = 50


@dataclass(frozen=True)
class Filter:
    """What is looked for; “” and None stand for anything.

    `action` is an exact code or a group of them: “job” finds “job.create” too. Of `person` and `address` a part is
    enough. The days begin at midnight UTC.
    """

    person: str = ""
    action: str = ""
    target: str = ""
    address: str = ""
    since: date | None = None
    until: date | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.person:
            yield _has(AuditEvent.actor, self.person)
        if self.action:
            action = unindexed(AuditEvent.action)
            yield or_(action == self.action, action.startswith(f"{self.action}.", autoescape=True))
        if self.target:
            yield AuditEvent.target == self.target
        if self.address:
            yield _has(AuditEvent.address, self.address)
        if self.since:
            yield AuditEvent.at >= _midnight(self.since)
        if self.until and self.until < date.max:
            yield AuditEvent.at < _midnight(self.until + timedelta(days=1))

    def rows(self) -> Select[AuditEvent]:
        return select(AuditEvent).where(*self.conditions())


EVERYTHING = Filter()


def page(wanted: Filter, *, before: int | None, after: int | None) -> Listed[AuditEvent]:
    """Newest first; the cursors are ids."""
    rows = wanted.rows()
    return paged(rows, AuditEvent.id, EVENTS_A_PAGE, newest_first=True, before=before, after=after)


def actions() -> list[str]:
    """All codes that the log has."""
    found = select(AuditEvent.action).distinct().order_by(AuditEvent.action)
    return list(db.session.scalars(found))


def _has(column: Any, part: str) -> ColumnElement[bool]:
    return column.icontains(part, autoescape=True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
