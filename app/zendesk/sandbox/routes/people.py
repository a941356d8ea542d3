"""Who is signed in."""

from typing import TYPE_CHECKING

from ..answers import Answer
from ..asking import Request
from ..people import ANONYMOUS
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/users/me")
def me(sandbox: "Sandbox", request: Request) -> Answer:
    """Missing credentials are no error here: Zendesk answers 200 with an anonymous user."""
    person = request.person
    return Answer({"user": person.to_json(request.base_url) if person else ANONYMOUS})
