"""Counting the tickets of issues by the hour, and finding out which issues have others than when they were counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Integer, Table, case, delete, func, insert, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.extensions import db
from app.models import IssueTicket, IssueTrend, MirroredTicket, TicketAnalysis

TRENDS = cast(Table, IssueTrend.__table__)
SEVERITIES = ("low", "normal", "high", "critical")  # the worst last
_AT_ONCE = 500
_PRIME = 1_000_003  # keeps a sum of products within 64 bits


@dataclass(frozen=True)
class Tally:
    """What there is of an issue. `stamp` is another once a ticket came, went, was changed or was analysed."""

    stamp: str = ""
    tickets: int = 0
    first: datetime | None = None
    last: datetime | None = None


class hour_of(FunctionElement[int]):  # noqa: N801 - reads as a function of SQL
    """The hour of a time, as IssueTrend counts them."""

    type = Integer()
    inherit_cache = True


@compiles(hour_of)
def _by_epoch(element: Any, compiler: Any, **options: Any) -> str:
    time = compiler.process(element.clauses, **options)
    return f"CAST(floor(extract(epoch FROM {time}) / 3600) AS INTEGER)"


@compiles(hour_of, "sqlite")
def _by_strftime(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER) / 3600"


def hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def tallies() -> dict[int, Tally]:
    """Of each issue that has tickets."""
    ticket, stamp = MirroredTicket, MirroredTicket.generated_timestamp % _PRIME
    wanted = _of_tickets(
        func.count(),
        func.sum((ticket.id % _PRIME) * stamp),
        func.max(TicketAnalysis.analysed_at),
        func.min(ticket.created_at),
        func.max(ticket.created_at),
    ).group_by(IssueTicket.issue_id)
    rows: Iterable[Any] = db.session.execute(wanted)
    return {
        issue_id: Tally(f"{count}:{int(mixed)}:{analysed or ''}", count, first, last)
        for issue_id, count, mixed, analysed, first, last in rows
    }


def count_anew(issue_ids: Sequence[int]) -> int:
    """Write those hours of these issues that are not as their tickets are. How many these were. The caller commits."""
    if not issue_ids:
        return 0
    fresh, known = _counted(issue_ids), _kept(issue_ids)
    stale = [key for key, row in known.items() if fresh.get(key) != row]
    changed = [row for key, row in fresh.items() if known.get(key) != row]
    for issue_id, hours in _by_issue(stale).items():
        for first in range(0, len(hours), _AT_ONCE):
            some = TRENDS.c.hour.in_(hours[first : first + _AT_ONCE])
            db.session.execute(delete(TRENDS).where(TRENDS.c.issue_id == issue_id, some))
    if changed:
        names = TRENDS.c.keys()
        db.session.execute(insert(TRENDS), [dict(zip(names, row, strict=True)) for row in changed])
    return len({*stale, *(row[:2] for row in changed)})


def by_hour(issue_ids: Sequence[int], since: int) -> dict[int, dict[int, int]]:
    """Tickets in each hour from `since` on, by issue."""
    found: dict[int, dict[int, int]] = {issue_id: {} for issue_id in issue_ids}
    wanted = select(TRENDS.c.issue_id, TRENDS.c.hour, TRENDS.c.volume)
    wanted = wanted.where(TRENDS.c.issue_id.in_(issue_ids), TRENDS.c.hour >= since)
    for issue_id, at, volume in db.session.execute(wanted):
        found[issue_id][at] = volume
    return found


def severities(issue_ids: Sequence[int], since: int) -> dict[int, tuple[int, ...]]:
    """Tickets of each severity since that hour; of an issue that had none, since ever."""
    sums = [func.sum(TRENDS.c[name]) for name in SEVERITIES]
    wanted = select(TRENDS.c.issue_id, *sums).group_by(TRENDS.c.issue_id)
    wanted = wanted.where(TRENDS.c.issue_id.in_(issue_ids))
    found = {row[0]: tuple(row[1:]) for row in db.session.execute(wanted)}
    lately = db.session.execute(wanted.where(TRENDS.c.hour >= since))
    return found | {row[0]: tuple(row[1:]) for row in lately if any(row[1:])}


def _of_tickets(*columns: Any) -> Any:
    return (
        select(IssueTicket.issue_id, *columns)
        .join(MirroredTicket, MirroredTicket.id == IssueTicket.ticket_id)
        .outerjoin(TicketAnalysis, TicketAnalysis.ticket_id == IssueTicket.ticket_id)
        .where(IssueTicket.issue_id.is_not(None), MirroredTicket.deleted.is_(False))
    )


def _counted(issue_ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, ...]]:
    at = hour_of(MirroredTicket.created_at)
    wanted = _of_tickets(
        at,
        func.count(),
        func.count(MirroredTicket.requester_id.distinct()),
        func.count(MirroredTicket.organization_id.distinct()),
        *(func.sum(case((TicketAnalysis.severity == name, 1), else_=0)) for name in SEVERITIES),
    ).where(IssueTicket.issue_id.in_(issue_ids))
    rows = db.session.execute(wanted.group_by(IssueTicket.issue_id, at)).all()
    return _by_key(rows)


def _kept(issue_ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, ...]]:
    rows = db.session.execute(select(*TRENDS.c).where(TRENDS.c.issue_id.in_(issue_ids))).all()
    return _by_key(rows)


def _by_key(rows: Iterable[Any]) -> dict[tuple[int, int], tuple[int, ...]]:
    return {(row[0], row[1]): tuple(int(one) for one in row) for row in rows}


def _by_issue(keys: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for issue_id, at in keys:
        found.setdefault(issue_id, []).append(at)
    return found
