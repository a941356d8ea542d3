"""Selections: which tickets a job is about, read from Zendesk page by page."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, not_, select

from app.extensions import db
from app.models import Job, JobTicket, Outcome
from app.services.engine.lease import read_apart
from app.zendesk.client import PAGE, Client
from app.zendesk.errors import NotFound, NotNow, RateLimited
from app.zendesk.resources import Ticket


class SelectionGone(Exception):
    """What was selected is no longer there. Its message says so to the user."""


@dataclass(frozen=True)
class SelectionPage:
    """`missing` are ids that were asked for and that Zendesk does not have. `cursor` is None at the end."""

    tickets: list[Ticket]
    missing: list[int] = field(default_factory=list)
    cursor: str | None = None


def read_page(client: Client, selection: dict[str, Any], cursor: str | None) -> SelectionPage:
    """The page of the selection that starts at the cursor (None: the first). Raises SelectionGone, ZendeskError."""
    if "view_id" in selection:
        return _view_page(client, selection["view_id"], cursor)
    if "job_id" in selection:
        return _job_page(client, selection, int(cursor or -1))
    return _id_page(client, selection["ticket_ids"], int(cursor or 0))


def matched(client: Client, selection: dict[str, Any]) -> int | None:
    """How many tickets the selection has, where that is known. Raises SelectionGone, ZendeskError."""
    if "job_id" in selection:
        return _count_of_job(selection)
    if "view_id" not in selection:
        return len(selection["ticket_ids"])
    try:
        return client.view_count(selection["view_id"]).value
    except NotFound:
        raise _view_gone(selection["view_id"]) from None
    except (RateLimited, NotNow):
        return None  # a count is worth no waiting


def shifts(selection: dict[str, Any]) -> bool:
    """May a reading from front to back miss tickets, because others leave the selection meanwhile?"""
    return "view_id" in selection


def ledger_of(selection: dict[str, Any], *columns: Any) -> Any:
    """Those rows of the other job that have one of the outcomes. Raises SelectionGone."""
    job = db.session.scalar(select(Job.id).where(Job.job_id == selection["job_id"]))
    if job is None:
        raise SelectionGone(
            "The job whose tickets were chosen was deleted, and its results with it. No ticket was changed."
        )
    return select(*columns).where(
        JobTicket.job_id == job,
        JobTicket.outcome.in_(selection["outcomes"]),
        not_(_MAY_HAVE_THE_COMMENT),
    )


def _view_page(client: Client, view_id: int, cursor: str | None) -> SelectionPage:
    try:
        page = client.view_tickets(view_id, cursor)
    except NotFound:
        raise _view_gone(view_id) from None
    return SelectionPage(page.items, cursor=page.cursor)


def _id_page(client: Client, ticket_ids: list[int], start: int) -> SelectionPage:
    wanted = ticket_ids[start : start + PAGE]
    found = client.tickets(wanted) if wanted else {}
    end = start + PAGE
    return SelectionPage(
        tickets=[found[one] for one in wanted if one in found],
        missing=[one for one in wanted if one not in found],
        cursor=str(end) if end < len(ticket_ids) else None,
    )


def _job_page(client: Client, selection: dict[str, Any], after: int) -> SelectionPage:
    """The cursor is a position in the ledger of the other job."""
    rows = _rows_of_job(selection, after)
    found = client.tickets(row.ticket_id for row in rows) if rows else {}
    return SelectionPage(
        tickets=[found[row.ticket_id] for row in rows if row.ticket_id in found],
        missing=[row.ticket_id for row in rows if row.ticket_id not in found],
        cursor=str(rows[-1].position) if len(rows) == PAGE else None,
    )


@read_apart
def _rows_of_job(selection: dict[str, Any], after: int) -> list[Any]:
    rows = ledger_of(selection, JobTicket.position, JobTicket.ticket_id)
    wanted = rows.where(JobTicket.position > after).order_by(JobTicket.position).limit(PAGE)
    return list(db.session.execute(wanted))


@read_apart
def _count_of_job(selection: dict[str, Any]) -> int:
    return number_of(selection)


def number_of(selection: dict[str, Any]) -> int:
    """How many tickets of another job's ledger are selected. Raises SelectionGone."""
    return db.session.scalar(ledger_of(selection, func.count())) or 0


def never_again(job: Job) -> int:
    """How many tickets of the job no other may take from it: a comment may have reached them."""
    rows = select(func.count()).where(JobTicket.job_id == job.id, _MAY_HAVE_THE_COMMENT)
    return (db.session.scalar(rows) or 0) if job.unknown_count else 0


# Tags and fields may be set twice; a comment among tickets with an unknown result is never sent again.
_MAY_HAVE_THE_COMMENT = and_(
    JobTicket.outcome == Outcome.UNKNOWN,
    JobTicket.after["comment"]["text"].as_string().is_not(None),
)


def _view_gone(view_id: int) -> SelectionGone:
    return SelectionGone(
        f"View {view_id} is gone: somebody deleted it, or no longer shares it with the connection's user. "
        "No ticket was changed. Choose another view."
    )
