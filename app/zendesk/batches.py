"""Batches of tickets, the book that says which to send, and the places that they take."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.zendesk.errors import ZendeskError
from app.zendesk.resources import TicketResult

BATCH = 100  # tickets a call, at most


@dataclass(frozen=True)
class Batch:
    """Tickets that are changed in one call: all the same by `change`, or each by its own of the `items`.

    Only the first form reaches closed tickets, and only the second can carry each one's stamp. `token` names the batch
    in its book.
    """

    token: str
    ticket_ids: tuple[int, ...]
    change: dict[str, Any] = field(default_factory=dict)
    items: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    sent_at: float = field(default_factory=time.time, compare=False)  # seconds since the epoch

    @property
    def age(self) -> float:
        """Seconds since it was sent, or was about to be."""
        return time.time() - self.sent_at


Done = tuple[Batch, dict[int, TicketResult]]  # a batch, and its results by ticket


class Places(Protocol):
    """Gives out places for Zendesk jobs, of which an account may have so many at a time."""

    def take(self, token: str) -> str:
        """A place for the batch with this token; why not, if there is none now."""
        ...

    def keep(self, tokens: Iterable[str]) -> None:
        """These batches are still in flight."""
        ...

    def free(self, token: str) -> None: ...


@dataclass
class OwnPlaces:
    """Places for somebody who shares the account with nobody."""

    most: int = 10
    taken: set[str] = field(default_factory=set)

    def take(self, token: str) -> str:
        if len(self.taken) >= self.most:
            return "all are taken"
        self.taken.add(token)
        return ""

    def keep(self, tokens: Iterable[str]) -> None:
        self.taken.update(tokens)

    def free(self, token: str) -> None:
        self.taken.discard(token)


class Book(Protocol):
    """Says what to send next, and is told what became of it."""

    def next_batch(self, token: str) -> Batch | None:
        """The next batch, noted under the token as about to be sent; None when there is nothing to send now."""
        ...

    def held(self, why: str) -> bool:
        """There is no place for a batch as yet. Is there one to wait for?"""
        ...

    def sent(self, batch: Batch, zendesk_job_id: str) -> None: ...

    def not_sent(self, batch: Batch, error: ZendeskError) -> None:
        """Zendesk refused the call, or never saw it: nothing was done."""
        ...

    def refused(self, batch: Batch, error: ZendeskError) -> None:
        """Zendesk will not have this batch, now or later. The next one may do better."""
        ...

    def lost(self, batch: Batch, error: ZendeskError) -> None:
        """Nobody knows whether Zendesk took the batch."""
        ...

    def settled(self, done: list[Done]) -> None:
        """Zendesk's jobs for these batches are over, as one look has told. A ticket may be missing from its results."""
        ...

    def may_go_on(self) -> bool:
        """False to leave the loop now; what is in flight stays so."""
        ...
