"""The rate-limited helpers that change many tickets: 100 a call, several Zendesk jobs in flight.

Whoever calls keeps a `Book` of what is to be done and what became of it. The loop tells the book *before* a call that
it is about to be made, and afterwards what came of it, so that a book on disk survives the death of the process.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.zendesk.batches import BATCH, Batch, Book, Done, OwnPlaces, Places
from app.zendesk.client import Client
from app.zendesk.errors import (
    Invalid,
    RateLimited,
    TooManyJobs,
    WritingStopped,
    ZendeskError,
)
from app.zendesk.resources import TicketResult, ZendeskJob

# A Zendesk job may be unknown for a moment after it was queued; for longer than so many usual pauses, it is forgotten.
FORGOTTEN_PAUSES = 40
# A batch is not looked for during this part of the time that the last one took.
SURELY_AT_WORK = 0.9


def update_tickets(
    client: Client,
    book: Book,
    *,
    in_flight: dict[str, Batch] | None = None,
    places: Places | None = None,
    poll_seconds: float = 1.5,
) -> None:
    """Send the book's batches, and settle them, until it has no more and nothing is in flight.

    `in_flight` are batches by the id of the Zendesk job that an earlier call left behind. Raises
    the `ZendeskError` of a call that failed, after the book was told of it.
    """
    flight = _Flight(client, book, places or OwnPlaces(), dict(in_flight or {}), poll_seconds)
    flight.keep_places()
    while book.may_go_on():
        flight.fill()
        if not (flight.batches or flight.is_held) or not book.may_go_on():
            return
        time.sleep(flight.pause())
        flight.settle()


@dataclass
class _Flight:
    client: Client
    book: Book
    places: Places
    batches: dict[str, Batch]
    poll_seconds: float
    lasting: float = 0.0  # seconds that the last batches took
    is_held: bool = False  # there was no place for another Zendesk job
    is_full: bool = False  # no more of them may be sent, until one of ours is over

    @property
    def is_empty(self) -> bool:
        return not self.batches

    def keep_places(self) -> None:
        if self.batches:
            self.places.keep([batch.token for batch in self.batches.values()])

    def fill(self) -> None:
        self.is_held = False
        while not self.is_full and self.book.may_go_on():
            token = uuid.uuid4().hex
            if why := self.places.take(token):
                self.is_held = self.is_empty and self.book.held(why)
                return
            batch = self.book.next_batch(token)
            if batch is None:
                self.places.free(token)
                return
            self._send(batch)

    def _send(self, batch: Batch) -> None:
        try:
            status = self._ask(batch)
        except Invalid as error:
            self.places.free(batch.token)
            self.book.refused(batch, error)
        except (TooManyJobs, WritingStopped) as error:
            self.places.free(batch.token)
            self.book.not_sent(batch, error)
            if self.is_empty:
                raise
            self.is_full = True
        except ZendeskError as error:
            self._put_down(batch, error)
            raise
        else:
            self.book.sent(batch, status.id)
            self.batches[status.id] = batch

    def _ask(self, batch: Batch) -> ZendeskJob:
        if batch.items:
            return self.client.update_each(list(batch.items))
        return self.client.update_same(batch.ticket_ids, batch.change)

    def _put_down(self, batch: Batch, error: ZendeskError) -> None:
        if error.may_be_done:
            self.book.lost(batch, error)  # Zendesk may be at it, so it keeps its place for a while
        else:
            self.places.free(batch.token)
            self.book.not_sent(batch, error)

    def pause(self) -> float:
        """Seconds until the next look: few when the oldest batch may be over at any moment, more while it cannot be."""
        if not (self.batches and self.lasting):
            return self.poll_seconds
        early = SURELY_AT_WORK * self.lasting - max(batch.age for batch in self.batches.values())
        if early > 0:
            return min(early, 2 * self.poll_seconds)
        return max(self.poll_seconds / 2, min(-early, self.poll_seconds))

    def settle(self) -> None:
        if self.is_empty:
            return
        self.keep_places()
        statuses = self.client.job_statuses(self.batches)
        over = [
            key for key, batch in self.batches.items() if self._is_over(statuses.get(key), batch)
        ]
        if over:
            self.is_full = False
            self.lasting = min(self.batches[key].age for key in over)
            self.book.settled([(self.batches[key], _results(statuses.get(key))) for key in over])
        for key in over:
            self.places.free(self.batches.pop(key).token)

    def _is_over(self, job: ZendeskJob | None, batch: Batch) -> bool:
        return job.is_over if job else batch.age > FORGOTTEN_PAUSES * self.poll_seconds


def _results(job: ZendeskJob | None) -> dict[int, TicketResult]:
    return job.results if job else {}


Progress = Callable[[int, int], None]


def add_tags_to_tickets(
    client: Client,
    ticket_ids: Iterable[int],
    tags: Iterable[str],
    progress: Progress | None = None,
    **pace: Any,
) -> dict[int, TicketResult | None]:
    """Add the tags to the tickets, and wait until it is done.

    `progress` is called with (tickets done, tickets in all). The answer has each ticket's result; None where Zendesk
    told none. `pace` goes to `update_tickets`. Raises ZendeskError.
    """
    return _change_all(client, ticket_ids, {"additional_tags": sorted(tags)}, progress, pace)


def remove_tags_from_tickets(
    client: Client,
    ticket_ids: Iterable[int],
    tags: Iterable[str],
    progress: Progress | None = None,
    **pace: Any,
) -> dict[int, TicketResult | None]:
    """Remove the tags from the tickets, and wait until it is done; otherwise as `add_tags_to_tickets`."""
    return _change_all(client, ticket_ids, {"remove_tags": sorted(tags)}, progress, pace)


def _change_all(
    client: Client,
    ticket_ids: Iterable[int],
    change: dict[str, Any],
    progress: Progress | None,
    pace: dict[str, Any],
) -> dict[int, TicketResult | None]:
    page = _OnePage(list(dict.fromkeys(ticket_ids)), change, progress or (lambda done, total: None))
    while not page.is_done:
        try:
            update_tickets(client, page, in_flight=page.in_flight, **pace)
        except RateLimited as limit:
            time.sleep(limit.retry_after)
    return page.results


class _OnePage:
    """A book in memory, for one change to a list of tickets."""

    def __init__(self, ticket_ids: list[int], change: dict[str, Any], progress: Progress):
        self.todo = [tuple(ticket_ids[i : i + BATCH]) for i in range(0, len(ticket_ids), BATCH)]
        self.total = len(ticket_ids)
        self.change = change
        self.progress = progress
        self.in_flight: dict[str, Batch] = {}
        self.results: dict[int, TicketResult | None] = {}

    @property
    def is_done(self) -> bool:
        return len(self.results) == self.total

    def next_batch(self, token: str) -> Batch | None:
        return Batch(token, self.todo.pop(0), self.change) if self.todo else None

    def held(self, why: str) -> bool:
        return bool(self.todo)

    def sent(self, batch: Batch, zendesk_job_id: str) -> None:
        self.in_flight[zendesk_job_id] = batch

    def not_sent(self, batch: Batch, error: ZendeskError) -> None:
        self.todo.insert(0, batch.ticket_ids)

    def refused(self, batch: Batch, error: ZendeskError) -> None:
        words = str(error)
        self.settled([(batch, {one: TicketResult(one, False, words) for one in batch.ticket_ids})])

    def lost(self, batch: Batch, error: ZendeskError) -> None:
        """The error goes to the caller, who may ask for the same again: tags can be added twice."""

    def settled(self, done: list[Done]) -> None:
        for batch, results in done:
            self.in_flight = {key: one for key, one in self.in_flight.items() if one is not batch}
            self.results |= {ticket_id: results.get(ticket_id) for ticket_id in batch.ticket_ids}
            self.progress(len(self.results), self.total)

    def may_go_on(self) -> bool:
        return True
