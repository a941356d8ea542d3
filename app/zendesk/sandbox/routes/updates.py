"""Updating tickets, one by one and many at once."""

from typing import TYPE_CHECKING, Any

from ..answers import (
    Answer,
    bad_request,
    invalid,
    not_found,
    outdated,
    refusal,
    removed,
    too_many_values,
)
from ..asking import Request, is_id
from ..audits import audit_of
from ..changes import KNOWN, Effect, Refused
from ..desk import Conflict, Failed, Missing
from ..jobs import BATCH, BULK, CREATION, JOB_CLASSES, TooManyJobs
from ..routing import Routes
from ..truth import Origin

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
Item = tuple[int, dict[str, Any]]


@routes.put("/tickets/update_many")
def update_many(sandbox: "Sandbox", request: Request) -> Answer:
    """Both forms: `ids=` with one change for all, or a list of tickets with a change each."""
    content = request.json()
    form = BULK if "ids" in request.query else BATCH
    items = (_bulk if form == BULK else _batch)(sandbox, request, content)
    return queued(sandbox, request, form, items)


def queued(sandbox: "Sandbox", request: Request, form: str, items: list[Item]) -> Answer:
    """The status of the new Zendesk job that does this; refused where there are too many."""
    try:
        job = sandbox.jobs.submit(form, items, request.user_id)
    except TooManyJobs as full:
        words = (
            f"Too many {JOB_CLASSES[form]} jobs are currently queued or running. Try again later."
        )
        raise refusal(429, "TooManyJobs", words, current_job_ids=full.ids) from None
    status = sandbox.jobs.describe(job, request.base_url)
    return Answer({"job_status": status}, headers={} if form == CREATION else warnings(items))


@routes.put("/tickets/{id}")
def update(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    change = object_in(request.json(), "ticket")
    done, cursor = deliver(sandbox, id, change, Origin("put", request.user_id))
    content = {
        "ticket": done.after.to_json(request.base_url),
        "audit": audit_of(sandbox.desk, done, cursor, request.user_id, change),
    }
    return Answer(content, headers=warnings([(id, change)]))


def deliver(
    sandbox: "Sandbox", ticket_id: int, change: dict[str, Any], origin: Origin
) -> tuple[Effect, int]:
    """Apply one update at once; refused with the status and body that Zendesk has for it."""
    try:
        return sandbox.desk.deliver(ticket_id, change, origin)
    except Missing:
        raise not_found() from None
    except Conflict:
        raise outdated() from None
    except Refused as refused:
        raise invalid(refused.details) from None
    except Failed as failed:
        raise refusal(422, failed.error, failed.details) from None


def _bulk(sandbox: "Sandbox", request: Request, content: dict[str, Any]) -> list[Item]:
    change = object_in(content, "ticket")
    check_change(change)
    return [(ticket_id, change) for ticket_id in request.ids(sandbox.settings.update_many_max)]


def _batch(sandbox: "Sandbox", request: Request, content: dict[str, Any]) -> list[Item]:
    tickets = content.get("tickets")
    if not isinstance(tickets, list) or not tickets:
        raise bad_request("Give ids= and a ticket, or a list of tickets")
    if len(tickets) > sandbox.settings.update_many_max:
        raise too_many_values(sandbox.settings.update_many_max)
    return [_item(ticket) for ticket in tickets]


def _item(ticket: Any) -> Item:
    if not isinstance(ticket, dict):
        raise bad_request("Each of the tickets must be an object")
    check_change(ticket)
    number = str(ticket.get("id"))
    if not is_id(number):
        raise bad_request("Each of the tickets needs an id")
    return int(number), ticket


def check_change(change: dict[str, Any]) -> None:
    if ("safe_update" in change) != ("updated_stamp" in change):
        raise bad_request("safe_update and updated_stamp are needed together")
    for name in ("tags", "additional_tags", "remove_tags"):
        if not isinstance(change.get(name, []), list | str):
            raise bad_request(f"{name} must be a list")
    for name in ("custom_fields", "fields"):
        if not _is_list_of_objects(change.get(name, [])):
            raise bad_request(f"{name} must be a list of objects")
    if not isinstance(change.get("comment") or {}, dict | str):
        raise bad_request("comment must be an object")


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def object_in(content: dict[str, Any], name: str) -> dict[str, Any]:
    change = content.get(name)
    if not isinstance(change, dict):
        raise bad_request(f"The request needs a {name}")
    check_change(change | {"safe_update": 0, "updated_stamp": 0})
    return change


def warnings(items: list[Item]) -> dict[str, str]:
    """Unknown parameters do not fail: a header names them."""
    return removed(sorted({name for _, change in items for name in change.keys() - KNOWN}))
