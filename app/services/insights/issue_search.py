"""What somebody looks for among issues, and in which order they come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select

from app.models import Issue, IssueTicket
from app.services.insights.analysers.analyser import Severity
from app.services.job_search import has_word

MOST_CHARACTERS = 200
MOST_WORDS = 8
_LARGEST_ID = 2**63

# As trends tell them, those first that somebody should look at.
STATES = ("escalating", "regressed", "new", "ongoing", "resolved")
SEVERITIES = tuple(str(one) for one in reversed(Severity))


class Sort(StrEnum):
    """All but the last two begin with the most."""

    TICKETS = "tickets"
    CUSTOMERS = "customers"
    RECENT = "recent"  # those last seen come first
    NEWEST = "newest"  # those first seen of late come first

    @property
    def column(self) -> Any:
        """An issue that has lost all its tickets may never have been seen."""
        seen = Issue.first_seen if self is Sort.NEWEST else Issue.last_seen
        by_number = {Sort.TICKETS: Issue.ticket_count, Sort.CUSTOMERS: Issue.requester_count}
        return by_number.get(self, func.coalesce(seen, Issue.created_at))


class Dismissed(StrEnum):
    ONLY = "only"
    TOO = "too"


@dataclass(frozen=True)
class Search:
    """Empty fields leave everything in, but for dismissed issues. Days begin and end at midnight UTC."""

    text: str = ""
    state: str | None = None
    severity: str | None = None
    dismissed: Dismissed | None = None
    since: date | None = None  # when it was last seen
    until: date | None = None  # that day too
    sort: Sort = Sort.TICKETS

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """All but the state, which the counts go by. What was merged is a part of another issue."""
        yield Issue.merged_into_id.is_(None)
        if self.dismissed is not Dismissed.TOO:
            is_dismissed = Issue.dismissed_at.is_not(None)
            yield is_dismissed if self.dismissed else ~is_dismissed
        if self.severity:
            yield Issue.severity == self.severity
        if self.since:
            yield Issue.last_seen >= _midnight(self.since)
        if self.until:
            yield Issue.last_seen < _midnight(self.until + timedelta(days=1))
        if self.text:
            yield _has_text(self.text)

    def with_state(self) -> Iterator[ColumnElement[bool]]:
        yield from self.conditions()
        if self.state:
            yield Issue.state == self.state


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _has_text(text: str) -> ColumnElement[bool]:
    """Each word in the label or the key phrases; or the key of the issue; or the number of one of its tickets."""
    phrases = cast(Issue.phrases, String)
    words = [or_(has_word(Issue.label, one), has_word(phrases, one)) for one in text.split()]
    found = or_(and_(*words[:MOST_WORDS]), Issue.key == text.lower())
    return or_(found, _has_ticket(text.removeprefix("#")))


def _has_ticket(text: str) -> ColumnElement[bool]:
    if not (text.isascii() and text.isdecimal() and int(text) < _LARGEST_ID):
        return false()
    return Issue.id.in_(select(IssueTicket.issue_id).where(IssueTicket.ticket_id == int(text)))
