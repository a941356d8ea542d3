"""Idempotency-Key: a call that is sent again is not done again, and is answered as it was the first time."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from flask import Response, g, request
from pydantic_core import from_json

from app.access import me
from app.api import problems
from app.api.problems import FieldError, Problem, at
from app.extensions import db
from app.models import IdempotencyKey, Job
from app.services import idempotency, jobs
from app.services.idempotency import InProgress, OtherContent
from app.services.jobs import Order

HEADER = "Idempotency-Key"
PATTERN = "^[!-~]{1,255}$"
REPLAYED = "Idempotent-Replay"
LOOK_AGAIN = 2  # seconds
_OTHER = "This key was used within a day for another call. Take a new key for each thing that you want done."


class _Call(NamedTuple):
    id: int
    submission_key: str


def answer(do: Callable[[], Response]) -> Response:
    """What is answered when it is done, or was before. Raises Problem, and what doing it raises."""
    key = request.headers.get(HEADER)
    if key is None:
        return do()
    call = _take(key)
    if call.status is not None:
        return _again(call, call.status)
    g.call = _Call(call.id, call.submission_key)
    response = _tried(do, call.id)
    idempotency.keep(
        g.call.id, response.status_code, response.get_data(as_text=True), response.location
    )
    return response


def marked(order: Order) -> Order:
    """The order with the key of the call that it comes by, so that it makes one job however often it comes."""
    call: _Call | None = g.get("call")
    return replace(order, submission_key=call.submission_key) if call else order


def once(key: str, make: Callable[[], Job]) -> Job:
    """The job that an earlier try of this call has made; or else the one made now, which will carry the key."""
    call: _Call | None = g.get("call")
    if call is None:
        return make()
    if job := jobs.submitted(me(), call.submission_key):
        return job
    idempotency.mark(call.id, key)
    return make()


def _take(key: str) -> IdempotencyKey:
    if not re.fullmatch(PATTERN, key):
        raise at(HEADER, "Use 1 to 255 letters, digits and signs of ASCII, without spaces.")
    try:
        return idempotency.take(me(), key, _fingerprint())
    except OtherContent:
        raise at(HEADER, _OTHER) from None
    except InProgress:
        raise Problem(
            409,
            "The same call is being worked on. Send it again in a moment to get its answer.",
            [FieldError(HEADER, "The same call is being worked on.")],
            {"Retry-After": str(LOOK_AGAIN)},
        ) from None


def _fingerprint() -> str:
    """Of what is asked for, however it is spaced and in whatever order its names are."""
    raw = request.get_data()
    content = json.dumps(from_json(raw), sort_keys=True) if raw.strip() else ""
    return hashlib.sha256(f"{request.method} {request.path} {content}".encode()).hexdigest()


def _tried(do: Callable[[], Response], call_id: int) -> Response:
    try:
        return do()
    except Exception as error:
        db.session.rollback()
        was_refused = problems.of(error) is not None
        (idempotency.forget if was_refused else idempotency.give_back)(call_id)
        raise


def _again(call: IdempotencyKey, status: int) -> Response:
    headers = {REPLAYED: "true"} | ({"Location": call.location} if call.location else {})
    return Response(call.body, status, headers, mimetype="application/json")
