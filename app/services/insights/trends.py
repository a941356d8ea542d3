"""The stage that tells how issues develop, and what pages show of it.

An issue whose tickets are not those that were counted last is counted anew, hour by hour, wherever in the past they
are. Then each is judged by the hours that are complete: those that are over, and whose tickets have all been read. A
page of issues is one transaction; an issue remembers up to when it was judged, so that nothing else has to.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from sqlalchemy import Integer, func, literal_column, select

from app.database import now, tried_again
from app.extensions import db
from app.models import (
    Issue,
    IssueState,
    IssueTicket,
    IssueTransition,
    IssueTrend,
    MirroredTicket,
    Schedule,
    SyncState,
)
from app.services.insights import baseline, escalation, volumes
from app.services.insights.baseline import DAY, WEEK, Change, Confidence, Past
from app.services.insights.development import Pulse, following
from app.services.insights.stage import Progress, StageRun, written
from app.services.insights.volumes import SEVERITIES, Tally, hour, hour_of

ISSUES_AT_ONCE = 25
# A change that Zendesk has not exported yet when the sync asks for the last page, and the time it takes to answer.
LATE = timedelta(minutes=2)
LOOKED_BACK = (baseline.MOST_WEEKS + 1) * WEEK
SEVERITY_OF_LAST = 30 * DAY
SEVERE_SHARE = 0.25  # of its tickets are at least as severe as the issue is said to be
_HOURS = literal_column(str(DAY), Integer)  # PostgreSQL groups by no parameter


@dataclass(frozen=True)
class Known:
    """From when to when the tickets are known, in hours, and by which clocks customers live."""

    begin: int
    end: int
    zone: tzinfo

    @property
    def until(self) -> datetime:
        return datetime.fromtimestamp(self.end * 3600, UTC)


def trends(run: StageRun, until: float) -> Progress:
    """Count and judge until all is done or `time.monotonic()` is `until`, and always one page. Raises LeaseLost."""
    db.session.rollback()
    known, tallies = _known(), volumes.tallies()
    to_do, total = _to_do(known, tallies), _count_issues()
    db.session.rollback()
    done = total - len(to_do)
    for begin in range(0, len(to_do), ISSUES_AT_ONCE):
        page = to_do[begin : begin + ISSUES_AT_ONCE]
        _advance(run, page, known, tallies)
        done += len(page)
        if done < total and time.monotonic() >= until:
            return Progress(done, total)
    return Progress(total, total, is_over=True, result=_result(known))


def sparklines(issue_ids: Iterable[int], days: int) -> dict[int, list[int]]:
    """Tickets a day (UTC) of each of the issues, today's last: `days` numbers for each."""
    today = hour(now()) // DAY
    first = today - days + 1
    found = {issue_id: [0] * days for issue_id in issue_ids}
    day = IssueTrend.hour // _HOURS
    wanted = (
        select(IssueTrend.issue_id, day, func.sum(IssueTrend.volume))
        .where(IssueTrend.issue_id.in_(list(found)), IssueTrend.hour >= first * DAY)
        .group_by(IssueTrend.issue_id, day)
    )
    for issue_id, at, volume in db.session.execute(wanted):
        if at <= today:
            found[issue_id][at - first] = int(volume)
    return found


def series(issue_id: int, days: int) -> list[tuple[date, int, int]]:
    """Day (UTC), tickets and different customers, without gaps, today last.

    It is read from the tickets, since the customers of two hours do not add up.
    """
    today = now().date()
    first = datetime.combine(today - timedelta(days=days - 1), datetime.min.time(), UTC)
    day = hour_of(MirroredTicket.created_at) // _HOURS
    wanted = (
        select(day, func.count(), func.count(MirroredTicket.requester_id.distinct()))
        .join(IssueTicket, IssueTicket.ticket_id == MirroredTicket.id)
        .where(IssueTicket.issue_id == issue_id, MirroredTicket.deleted.is_(False))
        .where(MirroredTicket.created_at >= first)
        .group_by(day)
    )
    found = {at: (volume, requesters) for at, volume, requesters in db.session.execute(wanted)}
    number = hour(first) // DAY
    return [
        (first.date() + timedelta(days=later), *found.get(number + later, (0, 0)))
        for later in range(days)
    ]


def change(issue: Issue) -> tuple[int | None, Confidence]:
    """By how many per cent the last complete day differs from what is usual. None: too few tickets to say."""
    return issue.change_percent, Confidence(issue.change_confidence)


def transitions(issue_id: int) -> Sequence[IssueTransition]:
    """From which state to which the issue went, the latest first."""
    rows = select(IssueTransition).where(IssueTransition.issue_id == issue_id)
    return db.session.scalars(rows.order_by(IssueTransition.id.desc())).all()


def _known() -> Known:
    """Hours that are over and whose tickets have been read: the sync knows up to when it has asked."""
    place = db.session.get(SyncState, SyncState.ONLY, populate_existing=True)
    schedule = db.session.get(Schedule, "hourly_trends")
    zone = schedule.tzinfo if schedule else UTC
    end = hour(now())
    if place is None:
        first = db.session.scalar(select(func.min(MirroredTicket.created_at)))
        return Known(hour(first) if first else end, end, zone)
    read_until = datetime.fromtimestamp(place.read_until, UTC)
    if place.ended_at:
        read_until = max(read_until, place.ended_at - LATE)
    # While a sync is under way it has asked for less than the last one.
    judged = db.session.scalar(select(func.max(Issue.judged_hour))) or 0
    return Known(place.since // 3600 + 1, min(end, max(hour(read_until), judged)), zone)


def _to_do(known: Known, tallies: dict[int, Tally]) -> list[int]:
    rows = db.session.execute(select(Issue.id, Issue.counted_as, Issue.judged_hour))
    return [
        issue_id
        for issue_id, counted_as, judged in rows.all()
        if judged != known.end or counted_as != tallies.get(issue_id, Tally()).stamp
    ]


def _count_issues() -> int:
    return db.session.scalar(select(func.count()).select_from(Issue)) or 0


@tried_again()
def _advance(
    run: StageRun, issue_ids: Sequence[int], known: Known, tallies: dict[int, Tally]
) -> None:
    """Count and judge one page."""
    with written(run):
        wanted = select(Issue).where(Issue.id.in_(issue_ids))
        issues = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
        found = {issue.id: tallies.get(issue.id, Tally()) for issue in issues}
        volumes.count_anew(
            [issue.id for issue in issues if issue.counted_as != found[issue.id].stamp]
        )
        by_hour = volumes.by_hour(issue_ids, known.end - LOOKED_BACK)
        severe = volumes.severities(issue_ids, known.end - SEVERITY_OF_LAST)
        for issue in issues:
            tally = found[issue.id]
            issue.counted_as, issue.judged_hour = tally.stamp, known.end
            issue.severity = _severity(severe.get(issue.id, ())) or issue.severity
            if issue.merged_into_id is None:
                _judge(issue, tally, by_hour[issue.id], known)


def _judge(issue: Issue, tally: Tally, by_hour: dict[int, int], known: Known) -> None:
    """Let the issue say how it changes and which state it is in, and tell it where it begins to escalate."""
    first, last = tally.first or issue.first_seen, tally.last or issue.last_seen
    if first is None or last is None:
        return
    past = Past(by_hour, hour(first), known.begin, known.end)
    found = baseline.changes(past, known.zone)
    whole_day = found[-1]
    issue.change_percent, issue.change_confidence = whole_day.percent, whole_day.confidence
    pulse = _pulse(issue, tally.tickets, last, past, found)
    after = following(IssueState(issue.state), pulse)
    if after == issue.state:
        return
    _go_on(issue, after, last, known)
    if after is IssueState.ESCALATING and pulse.jump and issue.is_shown:
        escalation.note(issue, pulse.jump, known.until)


def _pulse(
    issue: Issue, tickets: int, last: datetime, past: Past, found: Sequence[Change]
) -> Pulse:
    quiet_since = hour(issue.quiet_since) if issue.quiet_since else past.end
    since = hour(issue.state_since) if issue.state_since else past.end
    return Pulse(
        age=past.end - past.first,
        silence=past.end - hour(last),
        gap=_gap(tickets, last, past),
        returned=sum(count for at, count in past.volumes.items() if at > quiet_since),
        in_state=past.end - since,
        changes=found,
    )


def _gap(tickets: int, last: datetime, past: Past) -> float:
    """Hours between two tickets: on the whole or lately, whichever is more."""
    lately = sum(past.volumes.values())
    gaps = [(hour(last) - past.first) / (tickets - 1)] if tickets > 1 else []
    if lately > 2:
        gaps.append((max(past.volumes) - min(past.volumes)) / (lately - 1))
    return max(gaps, default=float(LOOKED_BACK))


def _go_on(issue: Issue, after: IssueState, last: datetime, known: Known) -> None:
    states = {"from_state": issue.state, "to_state": after}
    db.session.add(IssueTransition(issue_id=issue.id, at=known.until, **states))
    issue.state, issue.state_since = after, known.until
    if after is IssueState.RESOLVED:
        issue.quiet_since = last


def _severity(counts: Sequence[int]) -> str | None:
    """The worst that a fair share of the tickets reaches; None while none is analysed."""
    total, reached = sum(counts), 0
    for name, count in reversed(list(zip(SEVERITIES, counts, strict=False))):
        reached += count
        if total and reached >= SEVERE_SHARE * total:
            return name
    return None


def _result(known: Known) -> dict[str, int | float | str]:
    states = select(Issue.state, func.count()).where(
        Issue.dismissed_at.is_(None), Issue.merged_into_id.is_(None)
    )
    found = dict(db.session.execute(states.group_by(Issue.state)).all())
    db.session.rollback()
    counts: dict[str, int | float | str] = {str(state): found.get(state, 0) for state in IssueState}
    return counts | {"judged_until": known.until.isoformat()}
