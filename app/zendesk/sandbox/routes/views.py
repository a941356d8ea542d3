"""Views, their counts and their tickets."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..answers import Answer, bad_request, not_found
from ..asking import Request
from ..paging import Backwards, Keyset, Offset, page
from ..routing import Routes
from ..views import View
from .tickets import existing

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
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
    content = _tickets(sandbox, request, view, "rows")
    content["rows"] = [_row(ticket) for ticket in content["rows"]]
    content["columns"] = [{"id": name, "title": name.title()} for name in ("status", "subject")]
    content["view"] = {"id": view.id, "url": _url(view, request)}
    return Answer(content)


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

    def key(ticket_id: int) -> tuple[str, int]:
        return str(getattr(existing(sandbox, ticket_id), column) or ""), ticket_id

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
        "pretty": "..." if value is None else str(value),
        "fresh": fresh,
        "active": view.active,
    }


def _row(ticket: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": ticket["id"],
        "status": ticket["status"],
        "subject": ticket["subject"],
        "ticket": ticket,
    }


def _url(view: View, request: Request) -> str:
    return f"{request.base_url}/api/v2/views/{view.id}.json"
