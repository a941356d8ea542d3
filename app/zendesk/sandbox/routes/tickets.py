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
    value, counted = sandbox.ticket_count.read(len(sandbox.desk.tickets.ids))
    refreshed_at = None if counted is None else to_iso(counted)
    return Answer({"count": {"value": value, "refreshed_at": refreshed_at}})


@routes.get("/tickets/show_many")
def show_many(sandbox: "Sandbox", request: Request) -> Answer:
    """In ascending order of ids, not in that of the request; missing ones are left out."""
    ids = sorted(set(request.ids(sandbox.settings.show_many_max)))
    texts = (sandbox.desk.tickets.as_json(ticket_id, request.base_url) for ticket_id in ids)
    found = [text for text in texts if text]
    around = b'{"tickets":[%b],"next_page":null,"previous_page":null,"count":%d}'
    return Answer(around % (b",".join(found), len(found)))


@routes.get("/tickets/{id}")
def show(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    ticket = sandbox.desk.tickets.as_json(id, request.base_url)
    if ticket is None:
        raise not_found()
    return Answer(b'{"ticket":%b}' % ticket)


@routes.get("/tickets/{id}/tags")
def tags(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return Answer({"tags": list(existing(sandbox, id).tags)})


def existing(sandbox: "Sandbox", ticket_id: int) -> Ticket:
    """The ticket; refused as not found if there is none."""
    ticket = sandbox.desk.tickets.get(ticket_id)
    if ticket is None:
        raise not_found()
    return ticket
