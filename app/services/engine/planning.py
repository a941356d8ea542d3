"""Planning: freeze the selection, and ask the operation about each ticket. Nothing is written to Zendesk."""

from typing import Any

from app.database import now
from app.models import Job, JobStatus, Outcome, Stage
from app.services import operations, selections
from app.services.engine import ledger
from app.services.engine.lease import Lease, fenced
from app.services.engine.status import over, transition
from app.services.operations import Change, Operation, Reason
from app.services.selections import SelectionPage
from app.zendesk.client import Client
from app.zendesk.resources import Ticket

# A view is read again while a reading finds tickets that the last one missed, but not for ever.
PASSES = 3


def plan_page(lease: Lease, client: Client) -> None:
    """Read one page of the selection into the ledger; seal the plan after the last one.

    Raises SelectionGone, ZendeskError.
    """
    job = lease.job()
    place = job.plan_cursor
    if not place:
        _begin(lease, selections.matched(client, job.selection))
        return
    if place.get("done"):
        _seal(lease, ledger.digest(job))
        return
    _write_down(lease, selections.read_page(client, job.selection, place["cursor"]))


@fenced
def _begin(_lease: Lease, job: Job, matched: int | None) -> None:
    job.matched = matched
    job.plan_cursor = {"cursor": None, "pass": 1, "new": 0}


@fenced
def _write_down(_lease: Lease, job: Job, page: SelectionPage) -> None:
    rows = _new_rows(job, page)
    room = job.limit - job.total_items
    job.truncated = len(rows) > room
    ledger.add(job, rows[:room])
    job.plan_cursor = _next_place(job, page, len(rows))
    job.setbacks, job.wait_reason, job.wait_until = 0, None, None


def _new_rows(job: Job, page: SelectionPage) -> list[dict[str, Any]]:
    operation = operations.named(job.operation)
    ids = [ticket.id for ticket in page.tickets] + page.missing
    known = ledger.known(job, ids)
    tickets = {ticket.id: ticket for ticket in page.tickets if ticket.id not in known}
    rows = [_row(operation, job.arguments, ticket) for ticket in tickets.values()]
    return rows + [_missing(one) for one in page.missing if one not in known]


def _row(operation: Operation, arguments: dict[str, Any], ticket: Ticket) -> dict[str, Any]:
    decision = operation.decide(ticket, arguments)
    if isinstance(decision, Change):
        return {
            "ticket_id": ticket.id,
            "stage": Stage.WAITING,
            "outcome": Outcome.PLANNED,
            "reason": None,
            "before": decision.before(ticket),
            "after": decision.after(ticket),
            "updated_at": now(),
        }
    return _left_alone(ticket.id, decision.reason)


def _missing(ticket_id: int) -> dict[str, Any]:
    return _left_alone(ticket_id, Reason.NOT_FOUND)


def _left_alone(ticket_id: int, reason: Reason) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "stage": Stage.SETTLED,
        "outcome": reason.outcome,
        "reason": reason,
        "before": None,
        "after": None,
        "updated_at": now(),
    }


def _next_place(job: Job, page: SelectionPage, new: int) -> dict[str, Any]:
    """Where to read on. After the last page, from the front again, if this pass may have missed some."""
    place = job.plan_cursor
    found = place["new"] + new
    if job.truncated or (job.total_items >= job.limit and page.cursor is None):
        return {"done": True}
    if page.cursor is not None:
        return place | {"cursor": page.cursor, "new": found}
    if not _may_have_missed(job) or place["pass"] == PASSES or not found:
        return {"done": True}
    return {"cursor": None, "pass": place["pass"] + 1, "new": 0}


def _may_have_missed(job: Job) -> bool:
    """Tickets that leave a view while it is read shift the rest past the reader. The count would be short."""
    return selections.shifts(job.selection) and (
        job.matched is None or job.total_items < job.matched
    )


@fenced
def _seal(_lease: Lease, job: Job, digest: str) -> None:
    """Fix the plan. A job with nothing to do is done; one that is no dry run goes on."""
    job.to_do = job.planned_count
    job.plan_digest = digest
    job.planned_at = now()
    job.tally()
    if not job.to_do:
        over(job, JobStatus.COMPLETED)
        return
    if transition(job.id, JobStatus.PLANNED) and not job.dry_run:
        since = now()
        transition(job.id, JobStatus.RUNNING, started_at=since, running_since=since)
