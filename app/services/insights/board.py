"""Issues a page at a time, how many there are in each state, and how many tickets they got from day to day."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from app.database import now
from app.extensions import db
from app.models import Issue, IssueTicket, MirroredTicket
from app.services import downloads
from app.services.insights.issue_search import STATES, Search
from app.services.paging import Listed, page_of

ISSUES_A_PAGE = 25
# What each is: docs/guide/issues.md
COLUMNS = (
    "key",
    "label",
    "state",
    "severity",
    "tickets",
    "customers",
    "organisations",
    "phrases",
    "first_seen",
    "last_seen",
    "dismissed_at",
)
_PIECE = 500


def has_tickets() -> bool:
    """Was any ticket copied from Zendesk yet?"""
    return db.session.scalar(select(MirroredTicket.id).limit(1)) is not None


def page(
    search: Search, *, after: Issue | None = None, before: Issue | None = None
) -> Listed[Issue]:
    """The issues after this one, or just before the other; from the start without. Its cursors are keys of issues."""
    backwards = after is None and before is not None
    column = search.sort.column
    rows = select(Issue).where(*search.with_state())
    if anchor := after or before:
        # Where it stands now: an issue that has grown since the page was made takes its reader along.
        value = select(column).where(Issue.id == anchor.id).scalar_subquery()
        beyond = column.__gt__ if backwards else column.__lt__
        tied = Issue.id > anchor.id if backwards else Issue.id < anchor.id
        rows = rows.where(or_(beyond(value), and_(column == value, tied)))
    order = [one.asc() if backwards else one.desc() for one in (column, Issue.id)]
    return page_of(
        rows.order_by(*order),
        ISSUES_A_PAGE,
        lambda issue: issue.key,
        backwards=backwards,
        came_from_elsewhere=anchor is not None,
    )


def counts(search: Search) -> dict[str, int]:
    """How many issues there are in each state that has any, whatever state is looked for."""
    rows = select(Issue.state, func.count()).where(*search.conditions()).group_by(Issue.state)
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    known = {state: found.pop(state) for state in STATES if state in found}
    return known | found


def by_key(key: str) -> Issue | None:
    return db.session.scalar(select(Issue).where(Issue.key == key))


def where_it_went(issue: Issue) -> Issue:
    """The issue itself, or the one that its tickets belong to since it was merged."""
    seen = {issue.id}
    while issue.merged_into_id is not None and issue.merged_into_id not in seen:
        seen.add(issue.merged_into_id)
        issue = db.session.get_one(Issue, issue.merged_into_id)
    return issue


def volumes(issue_ids: Iterable[int], days: int) -> dict[int, list[int]]:
    """The tickets that came on each of the last days, today last. Days begin at midnight UTC."""
    wanted, today = list(issue_ids), now().date()
    first = today - timedelta(days=days - 1)
    day = _day_of(MirroredTicket.created_at).label("day")
    rows = (
        select(IssueTicket.issue_id, day, func.count())
        .join(MirroredTicket, MirroredTicket.id == IssueTicket.ticket_id)
        .where(
            IssueTicket.issue_id.in_(wanted),
            MirroredTicket.deleted.is_(False),
            MirroredTicket.created_at >= datetime.combine(first, time(), UTC),
        )
        .group_by(IssueTicket.issue_id, day)
    )
    numbers = {one: [0] * days for one in wanted}
    places = {str(first + timedelta(days=place)): place for place in range(days)}
    for issue_id, on, number in db.session.execute(rows):
        place = places.get(str(on))
        if issue_id and place is not None:  # a ticket of tomorrow is a clock gone wrong
            numbers[issue_id][place] = number
    return numbers


def _day_of(column: Any) -> Any:
    if db.engine.dialect.name == "sqlite":
        return func.date(column)
    return func.date(func.timezone(literal_column("'UTC'"), column))


def as_csv(search: Search) -> Iterator[str]:
    """Lines of CSV, the header first: all issues that the search finds, the oldest first."""
    return downloads.as_csv(COLUMNS, _pieces(db.engine, search))


def _pieces(engine: Engine, search: Search) -> Iterator[list[dict[str, Any]]]:
    """Piece by piece by key: no transaction is open while a client reads slowly."""
    rows, after = select(Issue).where(*search.with_state()).order_by(Issue.id).limit(_PIECE), 0
    while True:
        with Session(engine) as session:
            piece = list(session.scalars(rows.where(Issue.id > after)))
        if not piece:
            return
        yield [_row_of(issue) for issue in piece]
        after = piece[-1].id


def _row_of(issue: Issue) -> dict[str, Any]:
    times = ("first_seen", "last_seen", "dismissed_at")
    return {
        "key": issue.key,
        "label": issue.label,
        "state": issue.state,
        "severity": issue.severity,
        "tickets": issue.ticket_count,
        "customers": issue.requester_count,
        "organisations": issue.organization_count,
        "phrases": ", ".join(issue.phrases),
        **{name: at.isoformat() if (at := getattr(issue, name)) else None for name in times},
    }
