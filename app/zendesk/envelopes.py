"""Reads what Zendesk says when it says no.

Zendesk has several envelopes: {error, description, details}, {error: {title, message}}, {errors: [{code, title,
detail}]}, {error, error_description} where it is about tokens, and bodies that are no JSON at all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from app.zendesk.wording import clean

NAME = 100  # characters of an error's name, a field's name or a request id


@dataclass(frozen=True)
class Detail:
    """What is wrong with one field, in a sentence. It may name a person: it is shown, never logged."""

    words: str
    error: str = ""
    ticket_field_id: int | None = None


Details = Mapping[str, tuple[Detail, ...]]  # by field; `base` is the ticket as a whole
NO_DETAILS: Details = MappingProxyType({})


@dataclass(frozen=True)
class Refusal:
    name: str = ""
    words: str = ""
    details: Details = field(default_factory=lambda: NO_DETAILS)


def read(content: bytes, content_type: str) -> Refusal:
    """Whatever the body is, this raises nothing."""
    text = content.decode("utf-8-sig", "replace")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return Refusal(words=_plain(text, content_type))
    return _envelope(body) if isinstance(body, dict) else Refusal()


def _envelope(body: dict[str, Any]) -> Refusal:
    error, errors = body.get("error"), body.get("errors")
    if isinstance(error, dict):
        return _refusal(error.get("title"), error.get("message"))
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        first = errors[0]
        return _refusal(first.get("code"), first.get("detail"), first.get("title"))
    said = (body.get(key) for key in ("description", "error_description", "message", "error"))
    return _refusal(error, *said, details=_details(body.get("details")))


def _refusal(name: Any, *words: Any, details: Details = NO_DETAILS) -> Refusal:
    """The first of the words that says anything counts."""
    return Refusal(clean(name, NAME), next(filter(None, map(clean, words)), ""), details)


def _details(details: Any) -> Details:
    if not isinstance(details, dict):
        return NO_DETAILS
    read = {clean(key, NAME): _sentences(value) for key, value in details.items()}
    return MappingProxyType({key: sentences for key, sentences in read.items() if sentences})


def _sentences(value: Any) -> tuple[Detail, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_detail, listed)))


def _detail(value: Any) -> Detail | None:
    if not isinstance(value, dict):
        return Detail(clean(value)) if clean(value) else None
    field_id = value.get("ticket_field_id")
    words, error = clean(value.get("description")), clean(value.get("error"), NAME)
    if not words and not error:
        return None
    return Detail(words or error, error, field_id if type(field_id) is int else None)


def _plain(text: str, content_type: str) -> str:
    """The words of a body that is no JSON; none where it is a page of HTML or a file."""
    is_text = content_type.startswith(("text/plain", "application/json"))
    return clean(text) if is_text and not text.lstrip().startswith("<") else ""
