"""How many records of a kind there are."""

from typing import TYPE_CHECKING

from ..answers import Answer
from ..asking import Request
from ..clock import to_iso
from ..fields import ALL_FIELDS
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/users/count")
def users(sandbox: "Sandbox", request: Request) -> Answer:
    return _total(sandbox, sandbox.desk.directory.count())


@routes.get("/groups/count")
def groups(sandbox: "Sandbox", request: Request) -> Answer:
    return _total(sandbox, len(sandbox.desk.directory.groups(request.base_url)))


@routes.get("/organizations/count")
def organizations(sandbox: "Sandbox", request: Request) -> Answer:
    return _total(sandbox, len(sandbox.desk.directory.organizations(request.base_url)))


@routes.get("/views/count")
def views(sandbox: "Sandbox", request: Request) -> Answer:
    return _total(sandbox, len(sandbox.desk.views.all()))


@routes.get("/ticket_fields/count")
def ticket_fields(sandbox: "Sandbox", request: Request) -> Answer:
    return _total(sandbox, len(ALL_FIELDS))


def _total(sandbox: "Sandbox", value: int) -> Answer:
    refreshed_at = to_iso(sandbox.clock.now())
    return Answer({"count": {"value": value, "refreshed_at": refreshed_at}})
