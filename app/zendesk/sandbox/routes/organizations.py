"""Organizations, which can be read but not changed."""

from typing import TYPE_CHECKING, Any

from ..answers import Answer, bad_request, not_found
from ..asking import Request
from ..paging import Keyset, page
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/organizations")
def index(sandbox: "Sandbox", request: Request) -> Answer:
    return _list(sandbox, request, _all(sandbox, request))


@routes.get("/organizations/autocomplete")
def autocomplete(sandbox: "Sandbox", request: Request) -> Answer:
    """Those whose name begins so."""
    start = request.query.get("name", "").strip().lower()
    if not start:
        raise bad_request("name is missing")
    found = [one for one in _all(sandbox, request) if one["name"].lower().startswith(start)]
    return _list(sandbox, request, found)


@routes.get("/organizations/search")
def search(sandbox: "Sandbox", request: Request) -> Answer:
    """By the whole name, or by external id, which none has here."""
    name = request.query.get("name", "").lower()
    found = [one for one in _all(sandbox, request) if one["name"].lower() == name]
    return _list(sandbox, request, found)


@routes.get("/organizations/show_many")
def show_many(sandbox: "Sandbox", request: Request) -> Answer:
    ids = sorted(set(request.ids(sandbox.settings.show_many_max)))
    directory = sandbox.desk.directory
    found = [one for number in ids if (one := directory.organization(number, request.base_url))]
    count = len(found)
    return Answer(
        {"organizations": found, "next_page": None, "previous_page": None, "count": count}
    )


@routes.get("/organizations/{id}")
def show(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    found = sandbox.desk.directory.organization(id, request.base_url)
    if found is None:
        raise not_found()
    return Answer({"organization": found})


def _all(sandbox: "Sandbox", request: Request) -> list[dict[str, Any]]:
    return sandbox.desk.directory.organizations(request.base_url)


def _list(sandbox: "Sandbox", request: Request, found: list[dict[str, Any]]) -> Answer:
    by_id = {one["id"]: one for one in found}
    ids, order = sorted(by_id), Keyset("id")
    return Answer(page("organizations", ids, by_id.__getitem__, request, sandbox.settings, order))
