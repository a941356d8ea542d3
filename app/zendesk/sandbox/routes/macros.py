"""Reading macros."""

from typing import TYPE_CHECKING, Any

from ..answers import Answer, not_found
from ..asking import Request
from ..macros import MACROS
from ..paging import Keyset, page
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()
_BY_ID = {macro.id: macro for macro in MACROS}


@routes.get("/macros")
def index(sandbox: "Sandbox", request: Request) -> Answer:
    return _list(sandbox, request, list(_BY_ID))


@routes.get("/macros/active")
def active(sandbox: "Sandbox", request: Request) -> Answer:
    return _list(sandbox, request, [macro.id for macro in MACROS if macro.active])


@routes.get("/macros/{id}")
def show(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    if id not in _BY_ID:
        raise not_found()
    return Answer({"macro": _BY_ID[id].to_json(request.base_url)})


def _list(sandbox: "Sandbox", request: Request, ids: list[int]) -> Answer:
    def render(macro_id: int) -> dict[str, Any]:
        return _BY_ID[macro_id].to_json(request.base_url)

    order = Keyset("title,id")
    return Answer(page("macros", ids, render, request, sandbox.settings, order))
