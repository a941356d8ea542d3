"""All tickets: generated ones when asked for, and those that have changed."""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator

from .changed import Changed
from .generation import Generator
from .renderings import Renderings
from .storage import Storage
from .ticket import Ticket

_KEEP = "INSERT OR REPLACE INTO tickets VALUES (?, ?)"


class Tickets:
    """Keeps only deviations from what the generator makes; None stands for a deleted ticket."""

    def __init__(self, generator: Generator, count: int, storage: Storage) -> None:
        self._generator, self._count, self._storage = generator, count, storage
        self._changed = Changed(storage)
        self._renderings = Renderings()
        self._highest = count
        self.ids = array("I", range(1, count + 1))
        for ticket_id, state in storage.stream("SELECT id, state FROM tickets ORDER BY id"):
            self._remember(ticket_id, Ticket.from_row(json.loads(state)) if state else None)

    def get(self, ticket_id: int) -> Ticket | None:
        if ticket_id in self._changed:
            return self._changed[ticket_id]
        return self._generator.ticket(ticket_id) if 1 <= ticket_id <= self._count else None

    def as_json(self, ticket_id: int, base_url: str) -> bytes | None:
        """The ticket as Zendesk writes it, None if there is none."""
        known = self._renderings.known(ticket_id, base_url)
        if known is not None:
            return known
        ticket = self.get(ticket_id)
        return self._renderings.write(ticket, base_url) if ticket else None

    def put(self, ticket: Ticket) -> None:
        self._remember(ticket.id, ticket)
        self._storage.write(_KEEP, (ticket.id, json.dumps(ticket)))

    def delete(self, ticket_id: int) -> None:
        self._remember(ticket_id, None)
        self._storage.write(_KEEP, (ticket_id, None))

    def next_id(self) -> int:
        """An id that no ticket has or had."""
        return self._highest + 1

    def __iter__(self) -> Iterator[Ticket]:
        for ticket_id in self.ids:
            ticket = self.get(ticket_id)
            if ticket:
                yield ticket

    def _remember(self, ticket_id: int, ticket: Ticket | None) -> None:
        self._changed[ticket_id] = ticket
        self._renderings.forget(ticket_id)
        self._highest = max(self._highest, ticket_id)
        place = bisect_left(self.ids, ticket_id)
        listed = place < len(self.ids) and self.ids[place] == ticket_id
        if ticket and not listed:
            self.ids.insert(place, ticket_id)
        elif listed and not ticket:
            del self.ids[place]
