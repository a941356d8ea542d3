"""Reading tickets."""

from typing import TYPE_CHECKING, Any

from ..answers import Answer, not_found
from ..asking import Request
from ..clock import to_iso
from ..paging import Keyset, page
from ..routing import Routes
from ..ticket import Ticket

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/tickets")
def index(sandbox: "Sandbox", request: Request) -> Answer:
    def render(ticket_id: int) -> dict[str, Any]:
        return existing(sandbox, ticket_id).to_json(request.base_url)

    ids, order = sandbox.desk.tickets.ids, Keyset("nice_id")
    return Answer(page("tickets", ids, render, request, sandbox.settings, order))


@routes.get("/tickets/count")
def count(sandbox: "Sandbox", request: Request) -> Answer:
    refreshed_at = to_iso(sandbox.clock.now())
    value = len(sandbox.desk.tickets.ids)
    return Answer({"count": {"value": value, "refreshed_at": refreshed_at}})


@routes.get("/tickets/show_many")
def show_many(sandbox: "Sandbox", request: Request) -> Answer:
    """In ascending order of ids, not in that of the request; missing ones are left out."""
    ids = sorted(set(request.ids(sandbox.settings.show_many_max)))
    found = [ticket for ticket in map(sandbox.desk.tickets.get, ids) if ticket]
    return Answer(
        {
            "tickets": [ticket.to_json(request.base_url) for ticket in found],
            "next_page": None,
            "previous_page": None,
            "count": len(found),
        }
    )


@routes.get("/tickets/{id}")
def show(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return Answer({"ticket": existing(sandbox, id).to_json(request.base_url)})


@routes.get("/tickets/{id}/tags")
def tags(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return Answer({"tags": list(existing(sandbox, id).tags)})


def existing(sandbox: "Sandbox", ticket_id: int) -> Ticket:
    """The ticket; refused as not found if there is none."""
    ticket = sandbox.desk.tickets.get(ticket_id)
    if ticket is None:
        raise not_found()
    return ticket
