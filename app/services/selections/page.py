"""What every kind of selection gives: pages of tickets, or that there is nothing to read any more."""

from dataclasses import dataclass, field
from typing import Protocol

from app.zendesk.client import Client
from app.zendesk.resources import Ticket


class SelectionGone(Exception):
    """There is nothing to read: it was deleted, or never was. Its message says so to the user."""


@dataclass(frozen=True)
class SelectionPage:
    """`missing` are ids that were asked for and that Zendesk does not have. `cursor` is None at the end."""

    tickets: list[Ticket]
    missing: list[int] = field(default_factory=list)
    cursor: str | None = None


class Selection(Protocol):
    """`shifts`: may a reading from front to back miss tickets, because others leave the selection meanwhile?"""

    @property
    def shifts(self) -> bool: ...

    def read(self, client: Client, cursor: str | None) -> SelectionPage:
        """The page that starts at the cursor (None: the first). Raises SelectionGone, ZendeskError."""
        ...

    def matched(self, client: Client) -> int | None:
        """How many tickets it has, where that is known. Raises SelectionGone, ZendeskError."""
        ...
