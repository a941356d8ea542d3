"""Issues whose tickets were written at certain times, and the stage that looks at them up to a certain time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from app.database import writing
from app.extensions import db
from app.models import (
    Issue,
    IssueTicket,
    IssueTransition,
    IssueTrend,
    MirroredTicket,
    SyncState,
    TicketAnalysis,
)
from app.services.insights.trends import trends
from tests.fixtures.mirror import ARun, soon

NOON = datetime(2025, 11, 17, 12, tzinfo=UTC)  # a Monday
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
A_YEAR_AGO = int((NOON - 365 * DAY).timestamp())


def new_issue(**values):
    issue = Issue(**{"label": "Black toast", "state": "new"} | values)
    db.session.add(issue)
    db.session.commit()
    return issue.id


def write(issue_id, *times, severity=None, **values):
    """A ticket of the issue at each time; their ids."""
    first = (db.session.scalar(select(func.max(MirroredTicket.id))) or 0) + 1
    ids = list(range(first, first + len(times)))
    for ticket_id, at in zip(ids, times, strict=True):
        usual = {"requester_id": ticket_id, "organization_id": None, "created_at": at}
        db.session.add(_ticket(ticket_id, usual | values))
        place = IssueTicket(ticket_id=ticket_id, issue_id=issue_id, similarity=1.0, joined_at=at)
        db.session.add(place)
        if severity:
            db.session.add(_analysis(ticket_id, severity, at))
    db.session.commit()
    return ids


def _ticket(ticket_id, values):
    usual = {
        "subject": "Toast",
        "description": "It is black.",
        "status": "open",
        "tags": [],
        "priority": "",
        "kind": "",
        "via_channel": "web",
        "updated_at": values["created_at"],
        "generated_timestamp": int(values["created_at"].timestamp()),
        "deleted": False,
    }
    return MirroredTicket(id=ticket_id, **usual | values)


def _analysis(ticket_id, severity, at):
    return TicketAnalysis(
        ticket_id=ticket_id,
        analyser="local",
        summary="",
        area="",
        kind="bug",
        severity=severity,
        phrases=[],
        language="en",
        confidences={},
        analysed_at=at,
        tries=0,
        ticket_stamp=1,
    )


def every(step, begin, end, count=1):
    """Times from begin to before end, so many each."""
    number = (end - begin) // step
    return [begin + step * index for index in range(number) for _ in range(count)]


def look(at=NOON, since=A_YEAR_AGO, run=None, until=None):
    """Up to this time all tickets were read, those that changed after `since`. Count and judge; the progress."""
    read = at + timedelta(minutes=2)
    place = {"base_url": "https://giga.test", "since": since, "read_until": since}
    with writing():
        db.session.merge(SyncState(id=SyncState.ONLY, **place, began_at=read, ended_at=read))
        db.session.commit()
    return trends(run or ARun(), soon() if until is None else until)


def state(issue_id):
    return db.session.get(Issue, issue_id, populate_existing=True).state


def states(issue_id):
    """Each that it went to, in order."""
    rows = select(IssueTransition).where(IssueTransition.issue_id == issue_id)
    return [row.to_state for row in db.session.scalars(rows.order_by(IssueTransition.id))]


def volumes():
    """Tickets by issue and time."""
    db.session.rollback()
    rows = db.session.scalars(select(IssueTrend)).all()
    return {
        (row.issue_id, datetime.fromtimestamp(row.hour * 3600, UTC)): row.volume for row in rows
    }
