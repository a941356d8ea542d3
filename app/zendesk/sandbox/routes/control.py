"""What a test in another process asks of the sandbox itself. Zendesk has none of these."""

from typing import TYPE_CHECKING, Any

from ..answers import Answer, invalid, not_found, refusal
from ..asking import Request, is_id
from ..changes import Refused
from ..desk import Missing
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes("/_sandbox")
_MOST_ENTRIES = 1000


@routes.get("/summary")
def summary(sandbox: "Sandbox", request: Request) -> Answer:
    return Answer(sandbox.summary(request.query.get("tag")))


@routes.get("/truth")
def truth(sandbox: "Sandbox", request: Request) -> Answer:
    """Up to 1,000 entries after `cursor`, and the cursor to go on with, null at the end."""
    ticket_id, after = _number(request, "ticket_id"), _number(request, "cursor") or 0
    entries = sandbox.desk.truth.entries(ticket_id, after, _MOST_ENTRIES)
    full = len(entries) == _MOST_ENTRIES
    return Answer({"truth": entries, "next_cursor": entries[-1]["cursor"] if full else None})


@routes.post("/tickets")
def add(sandbox: "Sandbox", request: Request) -> Answer:
    try:
        ticket_id = sandbox.add_ticket(**request.json())
    except (TypeError, ValueError) as error:
        raise refusal(422, "InvalidTicket", str(error)) from None
    return Answer({"ticket": sandbox.ticket(ticket_id)}, 201)


@routes.post("/tickets/{id}")
def edit(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    """An edit by somebody else."""
    try:
        sandbox.set_ticket(id, **request.json())
    except Missing:
        raise not_found() from None
    except Refused as refused:
        raise invalid(refused.details) from None
    except (TypeError, ValueError) as error:
        raise refusal(422, "InvalidTicket", str(error)) from None
    return Answer({"ticket": sandbox.ticket(id)})


@routes.delete("/tickets/{id}")
def delete(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    try:
        sandbox.delete_ticket(id)
    except Missing:
        raise not_found() from None
    return Answer({"deleted": id})


@routes.post("/macros")
def put_macro(sandbox: "Sandbox", request: Request) -> Answer:
    """Add a macro, or change that of the given id. Body: id, title, actions and so on."""
    fields = request.json()
    macro_id = fields.pop("id", None)
    try:
        fields = _macro_fields(fields)
        if macro_id is None:
            macro_id = sandbox.add_macro(**fields)
        else:
            sandbox.set_macro(macro_id, **fields)
    except KeyError:
        raise not_found() from None
    except (TypeError, ValueError) as error:
        raise refusal(422, "InvalidMacro", str(error)) from None
    macro = sandbox.desk.macros.get(macro_id)
    return Answer({"macro": macro.to_json(request.base_url) if macro else None}, 201)


def _macro_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Actions as Zendesk writes them, each with field and value, to pairs."""
    if "actions" in fields:
        actions = [(str(item["field"]), item.get("value")) for item in fields["actions"]]
        fields = fields | {"actions": actions}
    if "group_ids" in fields:
        fields = fields | {"group_ids": tuple(fields["group_ids"])}
    return fields


@routes.post("/fail/{id}")
def fail(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    """Body: error, details and times, all of them optional."""
    try:
        sandbox.fail_ticket(id, **request.json())
    except TypeError as error:
        raise refusal(422, "InvalidFailure", str(error)) from None
    return Answer({"failing": id})


@routes.post("/use")
def use(sandbox: "Sandbox", request: Request) -> Answer:
    """Body: requests, so many of which somebody else makes in this minute."""
    requests = request.json().get("requests")
    if not isinstance(requests, int) or isinstance(requests, bool) or requests < 0:
        raise refusal(422, "InvalidUse", "requests must be a whole number from zero")
    accepted = sandbox.use(requests)
    return Answer({"accepted": accepted, "refused": requests - accepted})


@routes.get("/settings")
def settings(sandbox: "Sandbox", request: Request) -> Answer:
    return Answer(_settings(sandbox))


@routes.post("/settings")
def change_settings(sandbox: "Sandbox", request: Request) -> Answer:
    try:
        sandbox.change_settings(**request.json())
    except ValueError as error:
        raise refusal(422, "InvalidSettings", str(error)) from None
    return Answer(_settings(sandbox))


def _settings(sandbox: "Sandbox") -> dict[str, Any]:
    return {"settings": vars(sandbox.settings)}


def _number(request: Request, name: str) -> int | None:
    text = request.query.get(name, "")
    return int(text) if is_id(text) else None
