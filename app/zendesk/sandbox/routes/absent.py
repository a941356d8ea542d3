"""What this help desk has none of, though its plan would permit it: lists that are empty."""

from typing import TYPE_CHECKING

from ..answers import Answer
from ..asking import Request
from ..paging import Keyset, page
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/satisfaction_ratings")
def satisfaction_ratings(sandbox: "Sandbox", request: Request) -> Answer:
    return _nothing(sandbox, request, "satisfaction_ratings")


@routes.get("/slas/policies")
def sla_policies(sandbox: "Sandbox", request: Request) -> Answer:
    return _nothing(sandbox, request, "sla_policies")


@routes.get("/user_fields")
def user_fields(sandbox: "Sandbox", request: Request) -> Answer:
    return _nothing(sandbox, request, "user_fields")


@routes.get("/organization_fields")
def organization_fields(sandbox: "Sandbox", request: Request) -> Answer:
    return _nothing(sandbox, request, "organization_fields")


def _nothing(sandbox: "Sandbox", request: Request, name: str) -> Answer:
    def render(number: int) -> dict[str, object]:
        raise LookupError(f"There is no number {number} among the {name}.")

    return Answer(page(name, [], render, request, sandbox.settings, Keyset("id")))
