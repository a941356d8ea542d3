"""All tickets: generated ones when asked for, and those that have changed."""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from .changed import Changed
from .chronicle import Chronicle
from .generation import Generator
from .renderings import Renderings
from .storage import Storage
from .ticket import DELETED, Ticket

_KEEP = "INSERT OR REPLACE INTO tickets VALUES (?, ?)"


class Tickets:
    """Keeps only deviations from what the generator makes.

    `ids` are those of the tickets that lists show: neither deleted nor archived. The first `made`
    ids are the generator's.
    """

    def __init__(self, generator: Generator, count: int, storage: Storage) -> None:
        self._generator, self._storage = generator, storage
        self.made = count
        self._changed = Changed(storage)
        self._renderings = Renderings()
        self._highest = count
        self.chronicle = Chronicle()
        self.ids = array("I", range(1, count + 1))
        for (state,) in storage.stream("SELECT state FROM tickets ORDER BY id"):
            self._remember(Ticket.from_row(json.loads(state)))

    def get(self, ticket_id: int) -> Ticket | None:
        ticket = self.even_deleted(ticket_id)
        return None if ticket is None or ticket.status == DELETED else ticket

    def even_deleted(self, ticket_id: int) -> Ticket | None:
        """The ticket, also one with status deleted."""
        return self._changed.get(ticket_id) or self.as_made(ticket_id)

    def as_made(self, ticket_id: int) -> Ticket | None:
        """What the generator made, whatever happened to it since."""
        return self._generator.ticket(ticket_id) if 1 <= ticket_id <= self.made else None

    def as_json(self, ticket_id: int, base_url: str) -> bytes | None:
        """The ticket as Zendesk writes it, None if there is none."""
        known = self._renderings.known(ticket_id, base_url)
        if known is not None:
            return known
        ticket = self.get(ticket_id)
        return self._renderings.write(ticket, base_url) if ticket else None

    def put(self, ticket: Ticket) -> None:
        self._remember(ticket)
        self.chronicle.touched(ticket.touched_at, ticket.id)
        self._storage.write(_KEEP, (ticket.id, json.dumps(ticket)))

    def unlist(self, ticket_ids: Iterable[int]) -> None:
        """Take archived tickets out of the lists."""
        for ticket_id in ticket_ids:
            place = bisect_left(self.ids, ticket_id)
            if self.ids[place : place + 1] == array("I", [ticket_id]):
                del self.ids[place]

    def next_id(self) -> int:
        """An id that no ticket has or had."""
        return self._highest + 1

    def replay(self) -> Iterator[Ticket]:
        """Each ticket, deleted ones too, while the chronicle is written from the start."""
        for ticket_id in range(1, self._highest + 1):
            made = self.as_made(ticket_id)
            if made:
                self.chronicle.made(made.updated_at)
            ticket = self._changed.get(ticket_id) or made
            if ticket:
                yield ticket
        for ticket in sorted(self._changed.values(), key=lambda ticket: ticket.touched_at):
            self.chronicle.touched(ticket.touched_at, ticket.id)

    def __iter__(self) -> Iterator[Ticket]:
        for ticket_id in self.ids:
            ticket = self.get(ticket_id)
            if ticket:
                yield ticket

    def deleted(self) -> list[Ticket]:
        return [ticket for ticket in self._changed.values() if ticket.status == DELETED]

    def _remember(self, ticket: Ticket) -> None:
        self._changed[ticket.id] = ticket
        self._renderings.forget(ticket.id)
        self._highest = max(self._highest, ticket.id)
        place = bisect_left(self.ids, ticket.id)
        listed = place < len(self.ids) and self.ids[place] == ticket.id
        wanted = ticket.status != DELETED
        if wanted and not listed:
            self.ids.insert(place, ticket.id)
        elif listed and not wanted:
            del self.ids[place]
