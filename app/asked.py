"""What the address of a page asks for, or a form. What means nothing is left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from app.models import Outcome
from app.services.job_search import parse_day

T = TypeVar("T")

# What a column of ours holds, and one for an id of Zendesk's. The database refuses to look for more.
_LARGEST_KEY = 2**31
_LARGEST_ID = 2**63


@dataclass(frozen=True)
class Days:
    """The days between which something is looked for, with a sentence for each part that means nothing."""

    since: date | None
    until: date | None  # that day too
    odd: list[str]


def told(parts: dict[str, Any]) -> dict[str, str]:
    """The parts as an address tells them, without those that are empty."""
    return {name: str(value) for name, value in parts.items() if value}


def text(name: str, most: int) -> str:
    """Without the spaces around it, and no longer than this."""
    return request.args.get(name, "").strip()[:most]


def outcomes() -> list[Outcome]:
    asked = request.args.getlist("outcome")
    return [outcome for outcome in Outcome if outcome in asked]


def choice(name: str, known: Iterable[T]) -> T | None:
    """The one of the known values that the address asks for; None for any other."""
    asked = request.args.get(name)
    return next((value for value in known if value == asked), None)


def key(name: str) -> int | None:
    """A key of ours, or a place in a list of ours; None for what cannot be one."""
    value = request.args.get(name, type=int)
    return value if value is not None and is_key(value) else None


def is_key(number: int) -> bool:
    return abs(number) < _LARGEST_KEY


def zendesk_id(name: str) -> int | None:
    """The id of a ticket, a macro or the like; None for what cannot be one."""
    return next(iter(zendesk_ids(request.args, name)), None)


def zendesk_ids(values: MultiDict[str, str], name: str) -> list[int]:
    return [one for one in values.getlist(name, type=int) if is_zendesk_id(one)]


def is_zendesk_id(number: int) -> bool:
    return 0 < number < _LARGEST_ID


def days(what: str) -> Days:
    """`what` is listed, as in “entry”."""
    since, odd_since = _day("from")
    until, odd_until = _day("to")
    odd = [*odd_since, *odd_until]
    if since and until and until < since:
        odd.append(f"The last day is before the first, so no {what} can match.")
    return Days(since, until, odd)


def _day(name: str) -> tuple[date | None, list[str]]:
    """The day, with a sentence if the address has something that is none."""
    text = request.args.get(name, "").strip()
    try:
        return parse_day(text), []
    except ValueError:
        return None, [f"“{text[:20]}” is no day, and was left out. Type a day like 2026-11-23."]


def job_ids(values: MultiDict[str, str], most: int) -> list[str]:
    """The jobs that are named in an address or a form, each once."""
    asked = values.getlist("job", type=UUID)
    return list(dict.fromkeys(str(one) for one in asked))[:most]
