"""What the address of a page asks for."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from app.models import Outcome

T = TypeVar("T")


def outcomes() -> list[Outcome]:
    asked = request.args.getlist("outcome")
    return [outcome for outcome in Outcome if outcome in asked]


def choice(name: str, known: Iterable[T]) -> T | None:
    """The one of the known values that the address asks for; None for any other."""
    asked = request.args.get(name)
    return next((value for value in known if value == asked), None)


def number(name: str) -> int | None:
    """A key from the address; None for what cannot be one."""
    value = request.args.get(name, type=int)
    return value if value is not None and abs(value) < 2**31 else None


def job_ids(values: MultiDict[str, str], most: int) -> list[str]:
    """The jobs that are named in an address or a form, each once; what names none is left out."""
    asked = values.getlist("job", type=UUID)
    return list(dict.fromkeys(str(one) for one in asked))[:most]
