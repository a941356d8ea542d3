"""Search, counting what it would find, and exporting it."""

from typing import TYPE_CHECKING, Any

from ..answers import Answer, bad_paging, bad_request, refusal
from ..asking import Request
from ..clock import SECOND
from ..directory import STAFF
from ..finding import Found
from ..paging import Pairs, by_cursor, by_offset
from ..routing import Routes
from ..search import BadQuery, Query
from .tickets import existing

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/search")
def search(sandbox: "Sandbox", request: Request) -> Answer:
    """By offset only, and not beyond the first thousand. `count` is the true total."""
    if request.asks_for_a_cursor:
        raise bad_request("page must be an integer")
    query = _query(sandbox, request)
    if query.kind not in (None, "ticket"):
        return Answer(_others(sandbox, request, query))
    found = _found(sandbox, request, query)
    _check_depth(request, sandbox.settings.search_max, sandbox.settings.max_page_size)
    ids = [number for _, number in found]
    content = by_offset("results", ids, _render(sandbox, request), request, sandbox.settings)
    return Answer(content | {"facets": None})


@routes.get("/search/count")
def count(sandbox: "Sandbox", request: Request) -> Answer:
    query = _query(sandbox, request)
    if query.kind not in (None, "ticket"):
        return Answer({"count": len(_others(sandbox, request, query)["results"])})
    return Answer({"count": len(_found(sandbox, request, query))})


@routes.get("/search/export")
def export(sandbox: "Sandbox", request: Request) -> Answer:
    """In the order in which tickets were made, by a cursor that is good for an hour."""
    if request.query.get("filter[type]") != "ticket":
        raise bad_request("filter[type] must be ticket")
    query = _query(sandbox, request)
    if query.kind is not None:
        raise bad_request("The query cannot contain type: with this endpoint; use filter[type]")
    query.sort, query.descending = "created_at", False
    found = _found(sandbox, request, query)
    cursors = _Hourly(sandbox, found)
    settings = sandbox.settings.overridden({"max_page_size": sandbox.settings.search_export_page})
    ids = [number for _, number in found]
    content = by_cursor("results", ids, _render(sandbox, request), request, settings, cursors)
    return Answer(content | {"facets": None})


class _Hourly(Pairs):
    """A cursor that knows when it was given. How Zendesk words its end is not published."""

    def __init__(self, sandbox: "Sandbox", found: Found) -> None:
        super().__init__("created_at,id", found, descending=False)
        self._now = sandbox.clock.now()
        self._lifetime = sandbox.settings.search_cursor_lifetime * SECOND

    def after(self, ids: Any, place: int) -> dict[str, Any]:
        return super().after(ids, place) | {"at": self._now}

    def start(self, ids: Any, cursor: dict[str, Any]) -> int:
        if self._now - int(cursor["at"]) > self._lifetime:
            raise bad_paging("The cursor has expired")
        return super().start(ids, cursor)


def _query(sandbox: "Sandbox", request: Request) -> Query:
    text = request.query.get("query", "").strip()
    if not text:
        raise refusal(422, "invalid", "Invalid search: query is missing")
    try:
        query = sandbox.desk.finder.parse(text, request.user_id)
    except BadQuery as bad:
        raise refusal(422, "invalid", f"Invalid search: {bad}") from None
    if request.query.get("sort_by") in ("created_at", "updated_at", "priority", "status"):
        query.sort = request.query["sort_by"]
    if request.query.get("sort_order") in ("asc", "desc"):
        query.descending = request.query["sort_order"] == "desc"
    return query


def _found(sandbox: "Sandbox", request: Request, query: Query) -> Found:
    return sandbox.desk.finder.find(request.query["query"], query, request.user_id)


def _check_depth(request: Request, most: int, largest: int) -> None:
    number, size = request.query.get("page", "1"), request.query.get("per_page", str(largest))
    if number.isdigit() and size.isdigit() and int(number) * min(int(size), largest) > most:
        words = "Invalid search: Requested response size was greater than Search Response Limits"
        raise refusal(422, "invalid", words)


def _render(sandbox: "Sandbox", request: Request):
    def render(ticket_id: int) -> dict[str, Any]:
        ticket = existing(sandbox, ticket_id).to_json(request.base_url)
        return ticket | {"result_type": "ticket"}

    return render


def _others(sandbox: "Sandbox", request: Request, query: Query) -> dict[str, Any]:
    """The little that can be found besides tickets: people, groups and organizations by name."""
    directory, base_url = sandbox.desk.directory, request.base_url
    words = " ".join(term.value for term in query.terms if term.key != "role").removesuffix("*")
    roles = {term.value for term in query.terms if term.key == "role"}
    found: list[dict[str, Any]] = []
    if query.kind == "user":
        people = directory.users_called(words, 100) if words else list(STAFF.values())
        people = [person for person in people if not roles or person.role in roles]
        found = [directory.user_to_json(person, base_url) for person in people]
    elif query.kind == "group":
        found = [group for group in directory.groups(base_url) if words in group["name"].lower()]
    elif query.kind == "organization":
        numbers = sorted(directory.organization_ids(words))
        found = [one for n in numbers if (one := directory.organization(n, base_url))]
    results = [record | {"result_type": query.kind} for record in found]
    count = len(results)
    return {"results": results, "count": count, "next_page": None, "previous_page": None}
