"""Answers of the fake Zendesk, and every refusal in Zendesk's own words and shapes."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

_JSON = "application/json; charset=utf-8"
_PHRASES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


_encode = json.JSONEncoder(separators=(",", ":")).encode


def written(content: Any) -> bytes:
    """JSON as it is sent. Bytes have been written before."""
    return content if isinstance(content, bytes) else _encode(content).encode()


class Answer:
    """A status, a body and headers, not yet sent; perhaps late, perhaps never (both are faults)."""

    __slots__ = ("body", "cut", "delay", "headers", "status")

    def __init__(
        self, content: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        text = isinstance(content, str)
        self.status, self.delay, self.cut = status, 0.0, False
        self.body = content.encode() if isinstance(content, str) else written(content)
        kind = "text/plain; charset=utf-8" if text else _JSON
        self.headers = {"Content-Type": kind, **(headers or {})}

    @property
    def status_line(self) -> str:
        return _PHRASES[self.status]


class Refusal(Exception):
    """Ends a request with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status_line)
        self.answer = answer


def refusal(status: int, error: str, description: str | None = None, **more: Any) -> Refusal:
    """The commonest of Zendesk's envelopes: error, description, details."""
    content = {"error": error}
    if description is not None:
        content["description"] = description
    return Refusal(Answer({**content, **more}, status))


def titled_refusal(status: int, code: str, title: str, detail: str | None = None) -> Refusal:
    """The envelope of newer endpoints: a list of errors, each with a code and a title."""
    error = {"code": code, "title": title}
    if detail is not None:
        error["detail"] = detail
    return Refusal(Answer({"errors": [error]}, status))


def not_found() -> Refusal:
    return refusal(404, "RecordNotFound", "Not found")


def no_such_route() -> Refusal:
    return refusal(404, "InvalidEndpoint", "Not found")


def not_authenticated() -> Refusal:
    return refusal(401, "Couldn't authenticate you")


def bad_token() -> Refusal:
    words = "The access token provided is expired, revoked, malformed or invalid for other reasons."
    return Refusal(Answer({"error": "invalid_token", "error_description": words}, 401))


def forbidden(message: str) -> Refusal:
    return Refusal(Answer({"error": {"title": "Forbidden", "message": message}}, 403))


def too_many_values(most: int) -> Refusal:
    """The double space is real."""
    words = f"Parameter  cannot specify more than {most} values"
    return refusal(400, "TooManyValues", words, max_count=most)


def bad_request(description: str) -> Refusal:
    return refusal(400, "BadRequest", description)


def not_json() -> Refusal:
    """A body must be sent as JSON. What Zendesk answers otherwise is not published."""
    words = "The Content-Type of the request must be application/json"
    return refusal(415, "UnsupportedMediaType", words)


def invalid(details: dict[str, Any]) -> Refusal:
    return refusal(422, "RecordInvalid", "Record validation errors", details=details)


def outdated() -> Refusal:
    words = (
        "Safe Update prevented the update due to outdated ticket data."
        " Please fetch the latest ticket data and try again."
    )
    return refusal(409, "UpdateConflict", words)


def too_deep(most: int) -> Refusal:
    """Offset paging ends after 100 pages, and at 10,000 records."""
    return titled_refusal(
        400,
        "InvalidPaginationDepth",
        "Invalid pagination depth",
        f"Pagination beyond {most} records is not supported; use cursor pagination.",
    )


def bad_paging(detail: str) -> Refusal:
    title = "Invalid pagination parameter"
    return titled_refusal(400, "InvalidPaginationParameter", title, detail)


def removed(names: Iterable[str]) -> dict[str, str]:
    """Unknown parameters do not fail: a header names them. Empty where there are none."""
    quoted = ", ".join(f'"{name}"' for name in names).encode("ascii", "backslashreplace").decode()
    if not quoted:
        return {}
    words = "".join(letter if letter.isprintable() else "?" for letter in quoted)
    return {"x-zendesk-api-warn": f"Removed restricted keys [{words}] from parameters"}


def warn(answer: Answer, names: list[str]) -> None:
    """Name parameters of the query besides those of the body, which the answer names already."""
    for header, words in removed(names).items():
        said = answer.headers.get(header)
        answer.headers[header] = f"{said}, {words}" if said else words
