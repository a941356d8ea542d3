"""Asking how Zendesk's own jobs are getting on."""

from typing import TYPE_CHECKING, Any

from ..answers import Answer, not_found
from ..asking import Request
from ..paging import Keyset, page
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/job_statuses")
def index(sandbox: "Sandbox", request: Request) -> Answer:
    def render(number: int) -> dict[str, Any]:
        return sandbox.jobs.numbered(number, request.base_url)

    numbers, order = sandbox.jobs.numbers(), Keyset("id")
    return Answer(page("job_statuses", numbers, render, request, sandbox.settings, order))


@routes.get("/job_statuses/show_many")
def show_many(sandbox: "Sandbox", request: Request) -> Answer:
    names = request.names(sandbox.settings.show_many_max)
    return Answer({"job_statuses": sandbox.jobs.statuses(names, request.base_url)})


@routes.get("/job_statuses/<name>")
def show(sandbox: "Sandbox", request: Request, name: str) -> Answer:
    status = sandbox.jobs.status(str(name), request.base_url)
    if status is None:
        raise not_found()
    return Answer({"job_status": status})
