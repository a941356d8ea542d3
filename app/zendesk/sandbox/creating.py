"""New tickets through the API, and the keys that keep one from being made twice."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from .changes import Refused
from .clock import SECOND, Clock
from .desk import Desk
from .settings import Settings
from .ticket import Ticket
from .truth import Origin

# What only the making of a ticket takes.
_ABOUT_CREATING = frozenset({"description", "requester", "submitter_id", "raw_subject", "via"})


def make(desk: Desk, fields: dict[str, Any], origin: Origin) -> Ticket:
    """A new ticket as the API makes it. Raises Refused."""
    body = _said(fields.get("comment")) or fields.get("description")
    if not body:
        raise Refused("base", "Description: cannot be blank")
    change = {"requester_id": origin.author_id} | without_comment(fields)
    return desk.create(change, str(body), origin, fields)


def without_comment(fields: dict[str, Any]) -> dict[str, Any]:
    """What of it an update would take as well."""
    about = _ABOUT_CREATING | {"comment"}
    return {name: value for name, value in fields.items() if name not in about}


def _said(comment: Any) -> Any:
    if not isinstance(comment, dict):
        return comment
    return comment.get("body") or comment.get("html_body")


class Mismatch(Exception):
    """The key came before, with another request."""


@dataclass
class _Made:
    at: int
    request: bytes
    ticket_id: int


class Creations:
    """Remembers for two hours which ticket a key made. Keys are the whole account's."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings, self._clock = settings, clock
        self._made: dict[str, _Made] = {}

    def find(self, key: str, content: dict[str, Any]) -> int | None:
        """The ticket that this key made. Mismatch if the request was not the same."""
        self._forget_old()
        made = self._made.get(key)
        if made is None:
            return None
        if made.request != _digest(content):
            raise Mismatch
        return made.ticket_id

    def remember(self, key: str, content: dict[str, Any], ticket_id: int) -> None:
        self._made[key] = _Made(self._clock.now(), _digest(content), ticket_id)

    def _forget_old(self) -> None:
        oldest = self._clock.now() - self.settings.idempotency_lifetime * SECOND
        self._made = {key: made for key, made in self._made.items() if made.at >= oldest}


def _digest(content: dict[str, Any]) -> bytes:
    return sha256(json.dumps(content, sort_keys=True).encode()).digest()
