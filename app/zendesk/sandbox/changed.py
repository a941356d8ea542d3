"""Tickets that are no longer as generated: the latest at hand, all of them in the storage."""

import json
from collections import OrderedDict
from collections.abc import Iterator

from .storage import Storage
from .ticket import Ticket

_AT_HAND = 20_000  # tickets, some 2.5 kB each


class Changed:
    """Like a dict of tickets by id, but a million of them need little memory.

    What is set here must also be written to the storage.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._is_here = bytearray()  # one byte for each id
        self._at_hand: OrderedDict[int, Ticket] = OrderedDict()

    def __contains__(self, ticket_id: int) -> bool:
        return 0 <= ticket_id < len(self._is_here) and bool(self._is_here[ticket_id])

    def __getitem__(self, ticket_id: int) -> Ticket:
        if ticket_id not in self:
            raise KeyError(ticket_id)
        if ticket_id in self._at_hand:
            self._at_hand.move_to_end(ticket_id)
            return self._at_hand[ticket_id]
        rows = self._storage.read("SELECT state FROM tickets WHERE id = ?", [ticket_id])
        ticket = _ticket(rows[0][0])
        self._keep_at_hand(ticket_id, ticket)
        return ticket

    def __setitem__(self, ticket_id: int, ticket: Ticket) -> None:
        if ticket_id >= len(self._is_here):
            # Room for as many again, so that a long row of new tickets does not copy each time.
            self._is_here.extend(bytes(2 * ticket_id + 1 - len(self._is_here)))
        self._is_here[ticket_id] = 1
        self._keep_at_hand(ticket_id, ticket)

    def get(self, ticket_id: int) -> Ticket | None:
        try:
            return self[ticket_id]
        except KeyError:
            return None

    def values(self) -> Iterator[Ticket]:
        """All of them in order of their ids, read one by one."""
        for (state,) in self._storage.stream("SELECT state FROM tickets ORDER BY id"):
            yield _ticket(state)

    def _keep_at_hand(self, ticket_id: int, ticket: Ticket) -> None:
        self._at_hand[ticket_id] = ticket
        self._at_hand.move_to_end(ticket_id)
        if len(self._at_hand) > _AT_HAND:
            self._at_hand.popitem(last=False)


def _ticket(state: str) -> Ticket:
    return Ticket.from_row(json.loads(state))
