"""What is in an issue: its tickets, quotes of some, who wrote them, and which issues are like it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import load_only

from app.extensions import db
from app.models import Issue, IssueTicket, MirroredTicket
from app.services.paging import Listed, paged

TICKETS_A_PAGE = 50
MOST_ORGANISATIONS = 10
MOST_QUOTES = 5
_QUOTED = 400  # characters
_LISTED = (
    MirroredTicket.id,
    MirroredTicket.subject,
    MirroredTicket.status,
    MirroredTicket.requester_id,
    MirroredTicket.created_at,
)


class Quote(NamedTuple):
    ticket_id: int
    subject: str
    words: str  # the beginning of what was written


class Organisation(NamedTuple):
    organisation_id: int
    tickets: int


class Alike(NamedTuple):
    issue: Issue
    percent: int


def tickets(
    issue: Issue, *, after: int | None = None, before: int | None = None
) -> Listed[MirroredTicket]:
    """The newest first. Descriptions, which may be long, are left unread."""
    rows = (
        select(MirroredTicket)
        .join(IssueTicket, IssueTicket.ticket_id == MirroredTicket.id)
        .where(IssueTicket.issue_id == issue.id, MirroredTicket.deleted.is_(False))
        .options(load_only(*_LISTED))
    )
    key = MirroredTicket.id
    return paged(rows, key, TICKETS_A_PAGE, newest_first=True, before=before, after=after)


def named(issue: Issue, ticket_ids: Sequence[int]) -> list[MirroredTicket]:
    """Those of these tickets that are in the issue, the newest first."""
    rows = (
        select(MirroredTicket)
        .join(IssueTicket, IssueTicket.ticket_id == MirroredTicket.id)
        .where(IssueTicket.issue_id == issue.id, MirroredTicket.id.in_(ticket_ids))
        .where(MirroredTicket.deleted.is_(False))
        .options(load_only(*_LISTED))
    )
    return list(db.session.scalars(rows.order_by(MirroredTicket.id.desc())))


def quotes(issue: Issue) -> list[Quote]:
    """Of those tickets that stand for the issue, the most central first. Texts are told shortened."""
    wanted = issue.quoted_ticket_ids[:MOST_QUOTES]
    words = func.substr(MirroredTicket.description, 1, _QUOTED + 1)
    rows = select(MirroredTicket.id, MirroredTicket.subject, words).where(
        MirroredTicket.id.in_(wanted), MirroredTicket.deleted.is_(False)
    )
    found = {row[0]: Quote(row[0], row[1], _shortened(row[2])) for row in db.session.execute(rows)}
    return [found[one] for one in wanted if one in found]


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _QUOTED else text[:_QUOTED].rstrip() + "…"


def organisations(issue: Issue) -> list[Organisation]:
    """Those with the most tickets."""
    number = func.count()
    rows = (
        select(MirroredTicket.organization_id, number)
        .join(IssueTicket, IssueTicket.ticket_id == MirroredTicket.id)
        .where(
            IssueTicket.issue_id == issue.id,
            MirroredTicket.organization_id.is_not(None),
            MirroredTicket.deleted.is_(False),
        )
        .group_by(MirroredTicket.organization_id)
        .order_by(number.desc(), MirroredTicket.organization_id)
        .limit(MOST_ORGANISATIONS)
    )
    return [Organisation(*row) for row in db.session.execute(rows)]


def alike(issue: Issue) -> list[Alike]:
    """Issues that might be the same, the likest first. Those merged or dismissed since are left out."""
    near = {int(one["issue_id"]): one["similarity"] for one in issue.alike}
    rows = db.session.scalars(select(Issue).where(Issue.id.in_(near)))
    shown = [Alike(one, round(100 * near[one.id])) for one in rows if one.is_shown]
    return sorted(shown, key=lambda one: (-one.percent, one.issue.id))
