"""Making tickets and deleting them."""

from typing import TYPE_CHECKING, Any

from ..answers import Answer, bad_request, invalid, not_found, refusal, too_many_values
from ..asking import Request
from ..audits import created_audit
from ..changes import Refused
from ..clock import to_iso
from ..creating import Mismatch, make, without_comment
from ..desk import Missing
from ..jobs import CREATION, DELETION
from ..paging import Keyset, page
from ..routing import Routes
from ..ticket import Ticket
from ..truth import Origin
from .tickets import existing
from .updates import check_change, object_in, queued, warnings

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
_LONGEST_KEY = 255


@routes.post("/tickets")
def create(sandbox: "Sandbox", request: Request) -> Answer:
    """With an Idempotency-Key the same request makes no second ticket."""
    content = request.json()
    fields = object_in(content, "ticket")
    key = request.header("Idempotency-Key")
    found = _find(sandbox, key, content) if key else None
    ticket = existing(sandbox, found) if found else _make(sandbox, request, fields)
    headers = {"Location": f"{request.base_url}/api/v2/tickets/{ticket.id}.json"}
    if key:
        sandbox.creations.remember(key, content, ticket.id)
        headers["x-idempotency-lookup"] = "hit" if found else "miss"
    audit = created_audit(sandbox.desk, ticket, request.user_id, fields.get("metadata"))
    body = {"ticket": ticket.to_json(request.base_url), "audit": audit}
    return Answer(body, 201, headers | warnings([(ticket.id, without_comment(fields))]))


@routes.post("/tickets/create_many")
def create_many(sandbox: "Sandbox", request: Request) -> Answer:
    tickets = request.json().get("tickets")
    if not isinstance(tickets, list) or not tickets:
        raise bad_request("The request needs a list of tickets")
    if len(tickets) > sandbox.settings.update_many_max:
        raise too_many_values(sandbox.settings.update_many_max)
    for ticket in tickets:
        if not isinstance(ticket, dict):
            raise bad_request("Each of the tickets must be an object")
        check_change(ticket)
    return queued(sandbox, request, CREATION, [(0, ticket) for ticket in tickets])


@routes.delete("/tickets/destroy_many")
def destroy_many(sandbox: "Sandbox", request: Request) -> Answer:
    ids = request.ids(sandbox.settings.update_many_max)
    if not ids:
        raise bad_request("ids is missing")
    return queued(sandbox, request, DELETION, [(ticket_id, {}) for ticket_id in ids])


@routes.delete("/tickets/{id}")
def delete(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    try:
        sandbox.desk.delete(id)
    except Missing:
        raise not_found() from None
    return Answer("", 204)


@routes.get("/deleted_tickets")
def deleted(sandbox: "Sandbox", request: Request) -> Answer:
    by_id = {ticket.id: ticket for ticket in sandbox.desk.tickets.deleted()}

    def render(ticket_id: int) -> dict[str, Any]:
        return _describe_deleted(by_id[ticket_id])

    ids = sorted(by_id)
    return Answer(page("deleted_tickets", ids, render, request, sandbox.settings, Keyset("id")))


def _describe_deleted(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "description": ticket.description,
        "actor": {"id": 9_001, "name": "Ada Sandbox"},
        "deleted_at": to_iso(ticket.updated_at),
        "previous_state": "open",
    }


def _find(sandbox: "Sandbox", key: str, content: dict[str, Any]) -> int | None:
    if len(key) > _LONGEST_KEY:
        raise bad_request(f"Idempotency-Key cannot be longer than {_LONGEST_KEY} characters")
    try:
        return sandbox.creations.find(key, content)
    except Mismatch:
        words = "Request parameters don't match the given idempotency key"
        raise refusal(400, "IdempotentRequestError", words) from None


def _make(sandbox: "Sandbox", request: Request, fields: dict[str, Any]) -> Ticket:
    try:
        return make(sandbox.desk, fields, Origin("post", request.user_id))
    except Refused as refused:
        raise invalid(refused.details) from None
