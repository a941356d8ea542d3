"""Errors as programs get them: application/problem+json (RFC 9457), which names the field."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from itertools import product
from typing import Any, TypeVar

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.api import PREFIX, TASKS_PREFIX, bp, docs_bp, tasks_bp
from app.extensions import db
from app.forms.program import Refused
from app.services.connection import NotConnected
from app.services.lineage import NothingToFollow
from app.services.permissions import NotPermitted
from app.web import show_error
from app.zendesk.errors import NotNow, RateLimited, ZendeskError

Handler = TypeVar("Handler", bound=Callable[..., Any])
MEDIA_TYPE = "application/problem+json"

# What is said of an error that has no words of its own. Nothing of it comes from what was sent.
DETAILS = {
    400: "This could not be read. Send JSON, in UTF-8.",
    401: "Send a valid access token: Authorization: Bearer giga_…",
    403: "The person whose token this is may not do that.",
    404: "There is nothing at this address, or nothing that the person whose token this is may see.",
    405: "This address does not take that method.",
    413: "That is too large to be taken at once. Nothing was changed.",
    415: "Send JSON, with Content-Type: application/json.",
    422: "Something in it cannot be taken as it is. Nothing was changed.",
    500: "Something went wrong on our side. What was saved before is safe, and running jobs go on.",
    503: "This cannot be told now. Try again in a moment.",
}
# So long somebody waits who is not told better.
LATER = 10


@dataclass(frozen=True)
class FieldError:
    field: str
    detail: str


class Problem(Exception):
    """`more` are members of the answer besides the usual ones."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
        **more: Any,
    ):
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors
        self.headers, self.more = headers or {}, more

    def response(self) -> Response:
        content = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail or DETAILS.get(self.status, DETAILS[400]),
            "errors": [asdict(one) for one in self.errors],
            **self.more,
        }
        return Response(json.dumps(content), self.status, self.headers, mimetype=MEDIA_TYPE)


def at(field: str, detail: str, status: int = 422) -> Problem:
    """A problem with one field."""
    return Problem(status, detail, [FieldError(field, detail)])


def init_app(app: Flask) -> None:
    """Where no view of ours answers, only the address tells that a program asks."""
    app.register_error_handler(HTTPException, show_by_address)


def show_by_address(error: HTTPException) -> Any:
    is_program = (
        request.path.startswith((f"{PREFIX}/", f"{TASKS_PREFIX}/"))
        and request.blueprint != docs_bp.name
    )
    return show_http(error) if is_program else show_error(error)


def _handles(*kinds: type[Exception] | int) -> Callable[[Handler], Handler]:
    """For what programs ask, and nothing else."""

    def decorate(handler: Handler) -> Handler:
        for blueprint, kind in product((bp, tasks_bp), kinds):
            blueprint.register_error_handler(kind, handler)
        return handler

    return decorate


@_handles(Problem)
def show(problem: Problem) -> Response:
    db.session.rollback()
    return problem.response()


@_handles(500, HTTPException)
def show_http(error: HTTPException) -> Response | HTTPException:
    """Nothing of the error itself: it may hold what was sent."""
    status = error.code or 500
    if status < 400:
        return error  # a redirect
    allowed = getattr(error, "valid_methods", None)
    headers = {"Allow": ", ".join(sorted(allowed))} if allowed else {}
    return show(Problem(status, headers=headers))


def of(error: Exception) -> Problem | None:
    """The problem that this error means for a program. None for a fault of ours."""
    match error:
        case Problem():
            return error
        case Refused():
            return at(error.field, str(error))
        case NotPermitted():
            return Problem(403, str(error), _field_of(error))
        case NothingToFollow():
            return Problem(409, str(error))
        case NotConnected():
            return Problem(503, str(error), headers={"Retry-After": str(LATER)})
        case ZendeskError():
            return Problem(503, _of_zendesk(error), headers={"Retry-After": _wait(error)})
        case HTTPException():
            return Problem(error.code or 500)
        case _:
            return None


@_handles(Refused, NotPermitted, NothingToFollow, NotConnected, ZendeskError)
def show_known(error: Exception) -> Response:
    return show(of(error) or Problem(500))


def _field_of(error: NotPermitted) -> list[FieldError]:
    """Forms and programs call most things alike; what a form calls a view is a part of the selection here."""
    field = {"view": "selection.view_id", "source": "selection", "job": "selection.job_id"}.get(
        error.field or "", error.field
    )
    return [FieldError(field, str(error))] if field else []


def _of_zendesk(error: ZendeskError) -> str:
    return f"Zendesk does not tell this now: {str(error).rstrip('.')}. Try again in a moment."


def _wait(error: ZendeskError) -> str:
    if isinstance(error, RateLimited):
        return f"{error.retry_after:.0f}"
    return f"{error.seconds:.0f}" if isinstance(error, NotNow) else str(LATER)
