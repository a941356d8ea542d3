"""Reads the fields of an answer. What is missing or null has a default; what has a wrong type is refused."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

from app.zendesk.errors import Unreadable

T = TypeVar("T")

_LARGEST = 2**63  # what a database holds


class OddShape(ValueError):
    """A field is not what the API promises. Names the field, never its value."""


def read(body: dict[str, Any], of: Callable[[dict[str, Any]], T]) -> T:
    """What `of` makes of the answer. Raises Unreadable where it has an unknown shape."""
    try:
        return of(body)
    except OddShape as error:
        odd = str(error)
    raise Unreadable(f"Zendesk's answer has an unknown shape: {odd}")


def number(data: dict[str, Any], key: str) -> int:
    """An integer that must be there. Digits in quotes will do: job results have been seen to quote ids."""
    value = maybe_number(data, key)
    if value is None:
        raise OddShape(f"“{key}” is missing")
    return value


def maybe_number(data: dict[str, Any], key: str) -> int | None:
    value = data.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if value is None or (type(value) is int and abs(value) < _LARGEST):
        return value
    raise OddShape(f"“{key}” is not a number")


def text(data: dict[str, Any], key: str) -> str:
    return maybe_text(data, key) or ""


def maybe_text(data: dict[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value
    raise OddShape(f"“{key}” is not a text")


def word(data: dict[str, Any], key: str) -> str:
    """A text that many records share, such as a status: kept once in memory."""
    return sys.intern(text(data, key))


def words(data: dict[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts that many records share."""
    value = data.get(key)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(map(sys.intern, value))
    raise OddShape(f"“{key}” is not a list of texts")


def numbers(data: dict[str, Any], key: str) -> tuple[int, ...]:
    """A list of integers, none where it is missing."""
    value = data.get(key)
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(number({key: one}, key) for one in value)
    raise OddShape(f"“{key}” is not a list of numbers")


def flag(data: dict[str, Any], key: str, default: bool = False) -> bool:
    value = data.get(key)
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    raise OddShape(f"“{key}” is neither true nor false")


def record(data: dict[str, Any], key: str) -> dict[str, Any]:
    """An object that must be there."""
    value = data.get(key)
    if isinstance(value, dict):
        return value
    raise OddShape(f"“{key}” is not an object")


def maybe_record(data: dict[str, Any], key: str) -> dict[str, Any]:
    return {} if data.get(key) is None else record(data, key)


def records(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of objects that must be there."""
    value = data.get(key)
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise OddShape(f"“{key}” is not a list of objects")


def maybe_records(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [] if data.get(key) is None else records(data, key)
