"""The tags of one ticket: set, add, remove. None of it works on a closed ticket."""

from typing import TYPE_CHECKING

from ..answers import Answer, bad_request
from ..asking import Request
from ..routing import Routes
from ..truth import Origin
from .updates import deliver

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.post("/tickets/{id}/tags")
def replace(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return _change(sandbox, request, id, "tags", 201)


@routes.put("/tickets/{id}/tags")
def add(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return _change(sandbox, request, id, "additional_tags", 200)


@routes.delete("/tickets/{id}/tags")
def remove(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return _change(sandbox, request, id, "remove_tags", 200)


def _change(sandbox: "Sandbox", request: Request, ticket_id: int, name: str, status: int) -> Answer:
    content = request.json()
    tags = content.get("tags")
    if not isinstance(tags, list | str):
        raise bad_request("tags must be a list")
    change = {key: content[key] for key in ("safe_update", "updated_stamp") if key in content}
    origin = Origin("tags", request.user_id)
    done, _ = deliver(sandbox, ticket_id, {**change, name: tags}, origin)
    return Answer({"tags": list(done.after.tags)}, status)
