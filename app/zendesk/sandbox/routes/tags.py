"""Tags: those of one ticket to set, add and remove (not on a closed one), and the popular ones."""

import re
from typing import TYPE_CHECKING, Any

from ..answers import Answer, bad_request
from ..asking import Request
from ..clock import to_iso
from ..paging import Pairs, page
from ..routing import Routes
from ..truth import Origin
from .updates import deliver

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
_SHORTEST_START = 2
_BETWEEN_WORDS = re.compile(r"[\W_]+")


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


@routes.get("/tags")
def popular(sandbox: "Sandbox", request: Request) -> Answer:
    """Up to 20,000 tags, those on most tickets first."""
    tags = sandbox.desk.census.popular(sandbox.settings.popular_tags)
    places = range(1, len(tags) + 1)

    def render(place: int) -> dict[str, Any]:
        name, count = tags[place - 1]
        return {"name": name, "count": count}

    pairs = [(-count, name) for name, count in tags]
    order = Pairs("-score,id", pairs, descending=False)
    return Answer(page("tags", places, render, request, sandbox.settings, order))


@routes.get("/tags/count")
def count(sandbox: "Sandbox", request: Request) -> Answer:
    value = len(sandbox.desk.census.popular(sandbox.settings.popular_tags))
    refreshed_at = to_iso(sandbox.clock.now())
    return Answer({"count": {"value": value, "refreshed_at": refreshed_at}})


@routes.get("/autocomplete/tags")
def autocomplete(sandbox: "Sandbox", request: Request) -> Answer:
    """Popular tags that begin so, or have a word that does. Zendesk wants two characters at least."""
    start = request.query.get("name", "").strip().lower()
    if len(start) < _SHORTEST_START:
        raise bad_request("name must have at least 2 characters")
    tags = sandbox.desk.census.popular(sandbox.settings.popular_tags)
    found = [name for name, _ in tags if _begins(name, start)]
    return Answer({"tags": found[: sandbox.settings.autocomplete_max]})


def _begins(name: str, start: str) -> bool:
    return any(part.startswith(start) for part in (name, *_BETWEEN_WORDS.split(name)))
