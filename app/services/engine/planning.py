"""Planning: freeze the selection, and ask the operation about each ticket. Nothing is written to Zendesk."""

from collections.abc import Sequence
from typing import Any

from app.database import now
from app.models import Job, JobStatus, Outcome, Stage
from app.services import acting, approving, holding, permissions, reach, selections
from app.services.change import Change
from app.services.engine import history, ledger
from app.services.engine.lease import Lease, fenced
from app.services.engine.row import plan_of
from app.services.engine.status import over, transition
from app.services.reasons import Reason
from app.services.recipe import Decision, Recipe, Skip
from app.services.selections import Selection, SelectionPage
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError
from app.zendesk.resources import Ticket

# A view is read again while a reading finds tickets that the last one missed, but not for ever.
PASSES = 3
DOUBTED = 20  # tickets of a plan that are looked at twice before it is sealed
Rows = list[dict[str, Any]]


class PlanDoubtful(Exception):
    """The plan is not what Zendesk itself would do. Its message says where they differ."""


def plan_page(lease: Lease, job: Job, client: Client, recipe: Recipe, selection: Selection) -> None:
    """Read one page of the selection into the ledger; seal the plan after the last one.

    Raises SelectionGone, PlanDoubtful, ZendeskError.
    """
    place = job.plan_cursor
    if not place:
        _begin(lease, selection.matched(client), recipe.pinned | _limits(job))
    elif not place.get("done"):
        page = selection.read(client, place["cursor"])
        _plan(lease, job, page, recipe)
    elif recipe.doubts and not place.get("checked"):
        _check(lease, job, recipe, client)
    else:
        acting.learn(client)
        ledger.analyse(job)
        reached = reach.reckon(job, client, place.get("tried", {})) if recipe.notes else None
        _seal(lease, ledger.digest(job), reached)


def _limits(job: Job) -> dict[str, Any]:
    """What the owner is limited to, which holds for every page: a start asks whether it still may be so."""
    groups = permissions.groups_of(job)
    return {} if groups is None else {permissions.GROUPS: sorted(groups)}


@fenced
def _begin(_lease: Lease, job: Job, matched: int | None, pinned: dict[str, Any]) -> None:
    job.matched = matched
    job.pinned = pinned or None
    job.plan_cursor = {"cursor": None, "pass": 1, "new": 0}


def _plan(lease: Lease, job: Job, page: SelectionPage, recipe: Recipe) -> None:
    """Ask about the tickets of a page that are new, as far as the job's limit goes."""
    known = ledger.known(job.id, [*(one.id for one in page.tickets), *page.missing])
    tickets = {one.id: one for one in page.tickets if one.id not in known}
    missing = [one for one in page.missing if one not in known]
    room = job.limit - job.total_items
    rows = _decided(lease, job, list(tickets.values())[:room], recipe)
    rows += [_row(one, Skip(Reason.NOT_FOUND)) for one in missing[: room - len(rows)]]
    _write_down(lease, page, rows, len(tickets) + len(missing) > room)


def _decided(lease: Lease, job: Job, tickets: Sequence[Ticket], recipe: Recipe) -> Rows:
    """A row for each of the tickets. What was found out is kept when Zendesk does not answer any more."""
    groups = permissions.groups_planned(job)
    mine = [one for one in tickets if groups is None or one.group_id in groups]
    ids = {one.id for one in mine}
    rows = [_row(one.id, Skip(Reason.OTHER_GROUP)) for one in tickets if one.id not in ids]
    try:
        for ticket, decision in recipe.decide(mine):
            rows.append(_row_of(ticket, decision, recipe))
    except ZendeskError:
        _keep(lease, rows)
        raise
    return rows


@fenced
def _keep(_lease: Lease, job: Job, rows: Rows) -> None:
    """The page is read once more, and the tickets that are known by then are left out."""
    ledger.add(job, rows)
    job.plan_cursor = job.plan_cursor | {"new": job.plan_cursor["new"] + len(rows)}


@fenced
def _write_down(_lease: Lease, job: Job, page: SelectionPage, rows: Rows, has_more: bool) -> None:
    job.truncated = has_more
    ledger.add(job, rows)
    job.plan_cursor = _next_place(job, page, len(rows))
    history.goes_on(job)


def _row_of(ticket: Ticket, decision: Decision, recipe: Recipe) -> dict[str, Any]:
    if isinstance(decision, Skip):
        return _row(ticket.id, decision)
    plan = plan_of(ticket, decision, recipe.shared(decision))
    notes = recipe.notes(ticket, decision) if recipe.notes else {}
    return _row(ticket.id, decision, **plan, **notes)


def _row(ticket_id: int, decision: Decision, **values: Any) -> dict[str, Any]:
    is_change = isinstance(decision, Change)
    reason = None if is_change else decision.reason
    return {
        "ticket_id": ticket_id,
        "stage": Stage.WAITING if is_change else Stage.SETTLED,
        "outcome": reason.outcome if reason else Outcome.PLANNED,
        "reason": reason,
        "detail": decision.note,
        "before": None,
        "after": None,
        "planned_stamp": "",
        "payload_key": None,
        "requester_id": None,
        "organization_id": None,
        "lacks": None,
        "updated_at": now(),
        **values,
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
    return selections.of(job.selection).shifts and (
        job.matched is None or job.total_items < job.matched
    )


def _check(lease: Lease, job: Job, recipe: Recipe, client: Client) -> None:
    """Look twice at some of the tickets, as the recipe wants it."""
    ticket_ids = ledger.sample(job, DOUBTED)
    tickets = client.tickets(ticket_ids) if ticket_ids else {}
    if found := recipe.doubts and recipe.doubts(list(tickets.values())):
        raise PlanDoubtful("\n".join(found))
    _checked(lease, recipe.tried() if recipe.tried else {})


@fenced
def _checked(_lease: Lease, job: Job, tried: dict[str, Any]) -> None:
    job.plan_cursor = {"done": True, "checked": True, "tried": tried}


@fenced
def _seal(_lease: Lease, job: Job, digest: str, reached: dict[str, Any] | None) -> None:
    """Fix the plan. A job with nothing to do is done; one that is no dry run goes on, if nothing more is needed."""
    job.to_do = job.planned_count
    job.reach = reached
    job.plan_digest = digest
    job.planned_at = now()
    job.tally()
    if not job.to_do:
        over(job, JobStatus.COMPLETED)
        return
    if transition(job.id, JobStatus.PLANNED) and not job.dry_run and not _is_held(job):
        since = now()
        transition(job.id, JobStatus.RUNNING, started_at=since, running_since=since)


def _is_held(job: Job) -> bool:
    """Is there something that a person has to say first? Where that is only an approval, it is asked for."""
    needs = holding.needs(job)
    if [one.field for one in needs] == [holding.APPROVAL]:
        approving.ask(job, job.user, {})
    return bool(needs)
