"""Incremental exports of people and organizations. Here none of them ever changes."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..answers import Answer
from ..asking import Request
from ..clock import SECOND, from_iso
from ..routing import Routes
from .incremental import cursor_of, entry_of, size_of, start_of

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
Entries = list[tuple[int, int]]
Render = Callable[[int], dict[str, Any]]


@routes.get("/incremental/users/cursor")
def users_by_cursor(sandbox: "Sandbox", request: Request) -> Answer:
    request.must_be_admin()
    entries, render = _users(sandbox, request)
    cursor, size = request.query.get("cursor"), size_of(sandbox, request)
    first = (
        bisect_right(entries, entry_of(cursor))
        if cursor
        else bisect_left(entries, (start_of(sandbox, request), 0))
    )
    shown = entries[first : first + size]
    after = cursor_of(shown[-1]) if shown else cursor or cursor_of((0, 0))
    kept = {name: value for name, value in request.query.items() if name == "per_page"}
    return Answer(
        {
            "users": [render(number) for _, number in shown],
            "after_url": f"{request.url}?{urlencode({**kept, 'cursor': after})}",
            "after_cursor": after,
            "before_url": None,
            "before_cursor": None,
            "end_of_stream": first + size >= len(entries),
        }
    )


@routes.get("/incremental/users")
def users_by_time(sandbox: "Sandbox", request: Request) -> Answer:
    return _by_time(sandbox, request, "users", *_users(sandbox, request))


@routes.get("/incremental/organizations")
def organizations_by_time(sandbox: "Sandbox", request: Request) -> Answer:
    found = sandbox.desk.directory.organizations(request.base_url)
    by_id = {one["id"]: one for one in found}
    entries = sorted((from_iso(one["updated_at"]), one["id"]) for one in found)
    return _by_time(sandbox, request, "organizations", entries, by_id.__getitem__)


def _by_time(
    sandbox: "Sandbox", request: Request, name: str, entries: Entries, render: Render
) -> Answer:
    request.must_be_admin()
    start, size = start_of(sandbox, request), size_of(sandbox, request)
    first = bisect_left(entries, (start, 0))
    shown = entries[first : first + size]
    end_time = (shown[-1][0] if shown else start) // SECOND
    kept = {key: value for key, value in request.query.items() if key != "start_time"}
    query = urlencode({**kept, "start_time": end_time})
    return Answer(
        {
            name: [render(number) for _, number in shown],
            "count": len(shown),
            "end_time": end_time,
            "end_of_stream": first + size >= len(entries),
            "next_page": f"{request.url}?{query}",
        }
    )


def _users(sandbox: "Sandbox", request: Request) -> tuple[Entries, Render]:
    directory = sandbox.desk.directory

    def render(number: int) -> dict[str, Any]:
        person = directory.user(number)
        return directory.user_to_json(person, request.base_url) if person else {}

    return directory.changes(), render
