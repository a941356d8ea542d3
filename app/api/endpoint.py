"""An address of the API: who may ask it for what. The same words let a call in, check it, and describe it."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from pydantic import BaseModel, TypeAdapter

from app.access import (
    act_for,
    for_programs,
    job_or_404,
    me,
    must_set_up_two_factor,
    public,
)
from app.api import bp, by_session, repeating, sent, tasks_bp
from app.api.by_session import NO_TWO_FACTOR
from app.api.problems import Problem
from app.database import SAFE_METHODS, reading
from app.extensions import db
from app.models import ApiToken, Scope
from app.services import api_tokens, audit, call_rate
from app.services.call_rate import Rate

View = Callable[..., Any]


@dataclass(frozen=True)
class Answer:
    content: BaseModel
    status: int = 200
    location: str | None = None

    def response(self) -> Response:
        headers = {"Location": self.location} if self.location else {}
        json = self.content.model_dump_json()
        return Response(json, self.status, headers, mimetype="application/json")


@dataclass(frozen=True)
class Endpoint:
    """`body` and `query`: what is sent there. `scope` is None where no token is asked for.

    `problems` are the errors besides those that any address may answer. `repeatable`: takes an Idempotency-Key.
    `takes_sessions`: pages of people who are signed in may ask too.
    """

    summary: str
    about: str
    answer: Any
    status: int = 200
    scope: Scope | None = Scope.READ
    query: type[BaseModel] | None = None
    body: Callable[[], TypeAdapter[Any]] | None = None
    problems: tuple[int, ...] = ()
    repeatable: bool = False
    for_admins: bool = False
    takes_sessions: bool = False


def endpoint(summary: str, **described: Any) -> Callable[[View], View]:
    """Only with a token, unless the scope is None or a session will do.

    The view is given what was sent, as `query` and `body`.
    """

    def decorate(view: View) -> View:
        here = Endpoint(summary, " ".join((view.__doc__ or "").split()), **described)

        @functools.wraps(view)
        def called(**path: Any) -> Response:
            if here.scope is not None:
                with reading():  # Redis is asked too: nobody should wait for our lock meanwhile
                    if not (here.takes_sessions and by_session.let_in()):
                        _let_in(here.scope)
                # What follows may write, in a transaction that knows so when it begins.
                db.session.commit()
            if here.for_admins and not me().is_admin:
                raise Problem(403, "Only admins may do this.")
            if "job_id" in path:
                job_or_404(path["job_id"])  # before anything is said of what was sent
            told = path | _told(here)
            if here.repeatable:
                return repeating.answer(lambda: _response(view(**told)))
            return _response(view(**told))

        called.endpoint = here  # type: ignore[attr-defined]
        return for_programs(called) if here.scope is not None else public(called)

    return decorate


def _told(here: Endpoint) -> dict[str, Any]:
    told = {}
    if here.query is not None:
        told["query"] = sent.query(here.query)
    elif request.args:
        sent.query(_NoQuery)
    if here.body is not None:
        told["body"] = sent.body(here.body())
    elif request.method not in SAFE_METHODS:
        sent.nothing()
    return told


class _NoQuery(BaseModel, extra="forbid"):
    pass


def _response(answered: Answer | BaseModel | Response) -> Response:
    if isinstance(answered, Response):
        return answered
    return (answered if isinstance(answered, Answer) else Answer(answered)).response()


def _let_in(scope: Scope) -> None:
    """Raises Problem: 401 without a valid token, 429 for too many calls, 403 if it may only read."""
    token = _token()
    g.rate = call_rate.take(token, scope)
    if g.rate and g.rate.is_exceeded:
        wait = f"You have sent more than {g.rate.limit} such calls within a minute."
        headers = {"Retry-After": str(g.rate.wait)}
        raise Problem(429, f"{wait} Go on in {g.rate.wait} s.", headers=headers)
    if not token.allows(scope):
        challenge = f'Bearer realm="Giga Tools", error="insufficient_scope", scope="{scope}"'
        raise Problem(
            403,
            "This token may only read. Use one with the scope “write”.",
            headers={"WWW-Authenticate": challenge},
        )
    if must_set_up_two_factor(token.user):
        raise Problem(403, NO_TWO_FACTOR)
    api_tokens.note_use(token)
    act_for(token.user)
    audit.name_token(token)


def _token() -> ApiToken:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    is_bearer = kind.lower() == "bearer"
    token = api_tokens.owner_of(secret.strip()) if is_bearer else None
    if token is not None:
        return token
    reason = ', error="invalid_token"' if is_bearer else ""
    challenge = f'Bearer realm="Giga Tools"{reason}'
    raise Problem(401, headers={"WWW-Authenticate": challenge})


@bp.after_request
@tasks_bp.after_request
def tell_rate(response: Response) -> Response:
    rate: Rate | None = g.get("rate")
    if rate:
        response.headers["RateLimit-Limit"] = str(rate.limit)
        response.headers["RateLimit-Remaining"] = str(rate.left)
        response.headers["RateLimit-Reset"] = str(rate.wait)
    return response
