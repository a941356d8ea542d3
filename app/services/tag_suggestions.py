"""Tags to choose from while one types: those of the chosen tickets, and those that Zendesk finds."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from app.services import connection, selections
from app.services.connection import NotConnected
from app.services.remembered import remembered
from app.services.selections import SelectionGone
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError
from app.zendesk.resources import Ticket

T = TypeVar("T")

OFFERED = 12
SHORTEST = 2  # characters that Zendesk wants before it looks
_BETWEEN_WORDS = re.compile(r"[\W_]+")
KEPT_SECONDS = 60  # whoever types asks often


@dataclass(frozen=True)
class Sample:
    """How many of the first tickets of a selection have each tag. `is_all`: it has no others."""

    tickets: int = 0
    is_all: bool = True
    counts: dict[str, int] = field(default_factory=dict)

    def words(self, tag: str) -> str:
        """“on 37 of the first 100”. Empty for a tag that none of them has."""
        number = self.counts.get(tag)
        first = "" if self.is_all else "first "
        return f"on {number} of the {first}{self.tickets}" if number else ""


@dataclass(frozen=True)
class Suggestion:
    name: str
    words: str  # how many of the chosen tickets have it, where that is known


@dataclass(frozen=True)
class Suggestions:
    """`is_partial`: Zendesk did not answer in all, so that there may be others."""

    found: list[Suggestion]
    is_partial: bool = False


def matching(start: str, selection: dict[str, Any] | None = None) -> Suggestions:
    """The tags that begin so, or have a word that does.

    Those of the selection's tickets come first, those that most of them have before the others. Never raises: what
    Zendesk does not tell now is left out.
    """
    start = start.strip().lower()
    try:
        client = connection.client()
    except NotConnected:
        return Suggestions([], is_partial=True)
    sample = _told(lambda: _sample(client, selection)) if selection else Sample()
    found = _told(lambda: _found(client, start))
    names = dict.fromkeys([*_on_tickets(sample or Sample(), start), *(found or ())])
    listed = [Suggestion(one, (sample or Sample()).words(one)) for one in list(names)[:OFFERED]]
    return Suggestions(listed, is_partial=sample is None or found is None)


def _told(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except (ZendeskError, SelectionGone):
        return None


def _found(client: Client, start: str) -> list[str]:
    if len(start) < SHORTEST:
        return []
    return _remembered(client, f"start:{start}", lambda: list(client.tags_matching(start)))


def _on_tickets(sample: Sample, start: str) -> Iterator[str]:
    by_number = sorted(sample.counts, key=lambda name: (-sample.counts[name], name))
    return (name for name in by_number if _begins(name, start))


def _begins(name: str, start: str) -> bool:
    """Does the tag begin so, or one of its words, as Zendesk looks for it too?"""
    return any(part.startswith(start) for part in (name, *_BETWEEN_WORDS.split(name)))


def _sample(client: Client, selection: dict[str, Any]) -> Sample:
    """Of the selection's first page, which is one call."""
    named = json.dumps(selection, sort_keys=True)

    def read() -> dict[str, Any]:
        tickets, is_all = _first_page(client, selection)
        counts = Counter(tag for ticket in tickets for tag in ticket.tags)
        return asdict(Sample(len(tickets), is_all, dict(counts)))

    return Sample(**_remembered(client, f"sample:{named}", read))


def _first_page(client: Client, selection: dict[str, Any]) -> tuple[list[Ticket], bool]:
    """The first tickets, and whether there are no others.

    A search is not exported for this: there may be a hundred exports a minute, and plans need them.
    """
    if "search" in selection:
        found = client.search(selection["search"])
        return found.items, found.cursor is None
    page = selections.of(selection).read(client, None)
    return page.tickets, page.cursor is None


def _remembered(client: Client, name: str, ask: Callable[[], Any]) -> Any:
    """What is asked may name people, and so a hash stands for it."""
    hashed = hashlib.sha256(f"{client.base_url} {name}".encode()).hexdigest()
    return remembered(f"tag-suggestions:{hashed}", KEPT_SECONDS, ask)
