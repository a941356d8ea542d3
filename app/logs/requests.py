"""The id of a request, from the browser to the worker, and one line for each request."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import structlog
from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy import inspect
from sqlalchemy.exc import NoInspectionAvailable
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.typing import EventDict

HEADER = "X-Request-ID"
# What a proxy may have given it. Anything else could break a line, or a page.
_FIT = re.compile(r"[A-Za-z0-9-]{1,64}")

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.stdlib.get_logger("app.requests")


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def quiet(view: Callable[P, R]) -> Callable[P, R]:
    """Log no line for this page: monitoring asks for it every few seconds."""
    view.is_quiet = True  # type: ignore[attr-defined]
    return view


def new_id() -> str:
    return uuid.uuid4().hex


def request_id() -> str:
    """The id of what is being done, to be told to an admin; empty outside of a request or a task."""
    return get_contextvars().get("request_id", "")


def seconds_since_it_came() -> float:
    """How long the request has taken so far. What it streams afterwards does not count."""
    return time.perf_counter() - g.get("began_at", time.perf_counter())


def add_request(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Who asks for what: the person by number, never the email; the rule, never the path, which may hold a token."""
    if has_request_context():
        event.setdefault("route", request.url_rule.rule if request.url_rule else None)
        if (user_id := _user_id()) is not None:
            event.setdefault("user_id", user_id)
    return event


def _begin() -> None:
    clear_contextvars()  # a thread serves many requests
    given = request.headers.get(HEADER, "")
    bind_contextvars(request_id=given if _FIT.fullmatch(given) else new_id())
    g.began_at = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint != "static" and not getattr(view, "is_quiet", False):
        about = {"status": response.status_code, "duration": round(seconds_since_it_came(), 4)}
        log.info("request", method=request.method, **about)
    return response


def _forget(_error: BaseException | None) -> None:
    clear_contextvars()


def _user_id() -> int | None:
    """Of whoever is signed in, as far as somebody has asked for that: a line of a log asks no database."""
    try:
        found = inspect(g.get("_login_user"))
    except NoInspectionAvailable:  # nobody is
        return None
    return found.identity[0] if found is not None and found.identity else None
