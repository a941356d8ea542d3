"""Views, their counts and their tickets."""

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..answers import Answer, bad_request, invalid, not_found
from ..asking import Request
from ..conditions import BadCondition, condition_of
from ..paging import Backwards, Keyset, Offset, page
from ..routing import Routes
from ..search import sort_key
from ..views import View
from .tickets import existing

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
_COLUMNS = ("status", "subject", "requester_id", "created_at", "group_id", "assignee_id")
_SORTS = {
    "id": "id",
    "nice_id": "id",
    "created": "created_at",
    "created_at": "created_at",
    "updated": "updated_at",
    "updated_at": "updated_at",
    "status": "status",
    "priority": "priority",
    "subject": "subject",
}


@routes.get("/views")
def index(sandbox: "Sandbox", request: Request) -> Answer:
    return _list(sandbox, request, sandbox.desk.views.all())


@routes.get("/views/active")
def active(sandbox: "Sandbox", request: Request) -> Answer:
    return _list(sandbox, request, [view for view in sandbox.desk.views.all() if view.active])


@routes.get("/views/compact")
def compact(sandbox: "Sandbox", request: Request) -> Answer:
    shown = [view for view in sandbox.desk.views.all() if view.active]
    shown = shown[: sandbox.settings.compact_views_max]
    return Answer({"views": [_describe(view, request) for view in shown], "count": len(shown)})


@routes.get("/views/count_many")
def count_many(sandbox: "Sandbox", request: Request) -> Answer:
    ids = request.ids(sandbox.settings.count_many_max)
    views = [view for view in map(sandbox.desk.views.get, ids) if view]
    counts = [_count(sandbox, request, view) for view in views]
    return Answer({"view_counts": counts})


@routes.get("/views/search")
def search(sandbox: "Sandbox", request: Request) -> Answer:
    """By words of the title."""
    words = request.query.get("query", "").lower()
    if not words:
        raise bad_request("query is missing")
    views = [view for view in sandbox.desk.views.all() if words in view.title.lower()]
    if "active" in request.query:
        views = [view for view in views if view.active == (request.query["active"] == "true")]
    return _list(sandbox, request, views)


@routes.get("/views/show_many")
def show_many(sandbox: "Sandbox", request: Request) -> Answer:
    """In ascending order of ids; missing ones are left out."""
    ids = sorted(set(request.ids(sandbox.settings.show_many_max)))
    views = [view for view in map(sandbox.desk.views.get, ids) if view]
    return _list(sandbox, request, views)


@routes.post("/views/preview")
def preview(sandbox: "Sandbox", request: Request) -> Answer:
    """The rows of a view that is nowhere kept."""
    view = _previewed(sandbox, request)
    content = _tickets(sandbox, request, view, "rows")
    return Answer(_executed(content, {}))


@routes.post("/views/preview/count")
def preview_count(sandbox: "Sandbox", request: Request) -> Answer:
    number = len(_previewed(sandbox, request).ids)
    counted = {"view_id": None, "value": number, "pretty": str(number), "fresh": True}
    return Answer({"view_count": counted})


@routes.get("/views/{id}")
def show(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return Answer({"view": _describe(_view(sandbox, id), request)})


@routes.get("/views/{id}/count")
def count(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    view = _view(sandbox, id)
    return Answer({"view_count": _count(sandbox, request, view)})


@routes.get("/views/{id}/tickets")
def tickets(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    return Answer(_tickets(sandbox, request, _view(sandbox, id), "tickets"))


@routes.get("/views/{id}/execute")
def execute(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    view = _view(sandbox, id)
    key = (view.id, request.base_url, frozenset(request.query.items()))
    content = sandbox.executions.read(key, lambda: _tickets(sandbox, request, view, "rows"))
    shown = {"id": view.id, "url": _url(view, request)}
    return Answer(_executed(content, shown))


def _executed(content: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    columns = [{"id": name, "title": name.title()} for name in _COLUMNS]
    rows = [_row(ticket) for ticket in content["rows"]]
    return content | {"rows": rows, "columns": columns, "groups": [], "view": shown}


def _previewed(sandbox: "Sandbox", request: Request) -> View:
    asked = request.json().get("view")
    if not isinstance(asked, dict):
        raise bad_request("The request needs a view")
    try:
        condition = condition_of(asked.get("all") or [], asked.get("any") or [])
    except BadCondition as bad:
        raise invalid({"conditions": [{"description": str(bad)}]}) from None
    ids = (ticket.id for ticket in sandbox.desk.tickets if condition(ticket))
    return View(0, "Preview", condition, ids=array("I", ids))


def _view(sandbox: "Sandbox", view_id: int) -> View:
    view = sandbox.desk.views.get(view_id)
    if view is None:
        raise not_found()
    return view


def _list(sandbox: "Sandbox", request: Request, views: list[View]) -> Answer:
    by_id = {view.id: view for view in views}

    def render(view_id: int) -> dict[str, Any]:
        return _describe(by_id[view_id], request)

    order = Keyset("created_at,id")
    return Answer(page("views", list(by_id), render, request, sandbox.settings, order))


def _tickets(sandbox: "Sandbox", request: Request, view: View, name: str) -> dict[str, Any]:
    def render(ticket_id: int) -> dict[str, Any]:
        return existing(sandbox, ticket_id).to_json(request.base_url)

    sort, ids = _sorted(sandbox, request, view)
    depth = sandbox.settings.view_cursor_depth
    return page(name, ids, render, request, sandbox.settings, Offset(sort), depth)


def _sorted(sandbox: "Sandbox", request: Request, view: View) -> tuple[str, Sequence[int]]:
    """Newest first unless the request names a column."""
    asked = request.query.get("sort_by") or request.query.get("sort") or "-nice_id"
    column = _SORTS.get(asked.removeprefix("-"))
    if column is None:
        raise bad_request(f"{asked} is not a column to sort by")
    order = request.query.get("sort_order") or ("desc" if asked.startswith("-") else "asc")
    if column == "id":
        return f"nice_id {order}", Backwards(view.ids) if order == "desc" else view.ids

    ordered = sort_key(column)

    def key(ticket_id: int) -> Any:
        return ordered(existing(sandbox, ticket_id))

    return f"{column} {order}", sorted(view.ids, key=key, reverse=order == "desc")


def _describe(view: View, request: Request) -> dict[str, Any]:
    return {
        "url": _url(view, request),
        "id": view.id,
        "title": view.title,
        "raw_title": view.title,
        "active": view.active,
        "default": False,
        "position": view.id % 100 + 1,
        "description": None,
        "restriction": None,
        "execution": {"group_by": None, "sort_by": "nice_id", "sort_order": "desc"},
        "conditions": {"all": [], "any": []},
        "created_at": "2024-02-01T09:00:00Z",
        "updated_at": "2026-01-12T09:00:00Z",
    }


def _count(sandbox: "Sandbox", request: Request, view: View) -> dict[str, Any]:
    value, fresh = sandbox.counts.read(view)
    return {
        "view_id": view.id,
        "url": f"{request.base_url}/api/v2/views/{view.id}/count.json",
        "value": value,
        "pretty": "..." if value is None else f"{'' if fresh else '~'}{value}",
        "fresh": fresh,
        "active": view.active,
        "refresh": "poll",
        "poll_wait": 30,
    }


def _row(ticket: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": ticket["id"],
        **{name: ticket[name] for name in _COLUMNS},
        "ticket": ticket,
    }


def _url(view: View, request: Request) -> str:
    return f"{request.base_url}/api/v2/views/{view.id}.json"
