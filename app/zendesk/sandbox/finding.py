"""Carries a search out: which tickets meet a query, and in which order."""

from bisect import bisect_left
from collections import OrderedDict
from typing import Any

from .clock import SECOND, Clock
from .directory import Directory
from .index import Index
from .search import Query, parse, sort_key
from .settings import Settings
from .ticket import Ticket
from .tickets import Tickets

Found = list[tuple[Any, int]]
_KEPT = 16


class Finder:
    """Remembers its last answers, so that following pages cost nothing while no ticket changes."""

    def __init__(
        self, settings: Settings, clock: Clock, tickets: Tickets, index: Index, directory: Directory
    ) -> None:
        self.settings, self._clock = settings, clock
        self._tickets, self._index, self._directory = tickets, index, directory
        self._kept: OrderedDict[tuple[Any, ...], tuple[int, Found]] = OrderedDict()

    def parse(self, text: str, user_id: int) -> Query:
        return parse(text, self._directory, self._clock.now(), user_id)

    def find(self, text: str, query: Query, user_id: int) -> Found:
        """Pairs of sort key and id, in order.

        A relative time in a query counts from when it was first asked, while no ticket changes.
        """
        key = (text, query.sort, query.descending, user_id)
        unseen = self._index.unseen(self.settings.search_lag * SECOND)
        kept = self._kept.get(key)
        if kept and kept[0] == self._index.version and not unseen:
            self._kept.move_to_end(key)
            return kept[1]
        found = self._search(query, unseen)
        self._kept[key] = self._index.version if not unseen else -1, found
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    def _search(self, query: Query, unseen: dict[int, Ticket | None]) -> Found:
        order = sort_key(query.sort)
        first, last = self._span(query)
        found: Found = []
        candidates = self._index.candidates(query.masks, first, last)
        if len(self._index) > last:
            since = max(first, self._tickets.made + 1)
            candidates += self._index.candidates(query.masks, since, len(self._index))
        for number in candidates:
            if number not in unseen:
                ticket = self._tickets.get(number)
                if ticket and query.matches(ticket):
                    found.append(order(ticket))
        found += [order(old) for old in unseen.values() if old and query.matches(old)]
        found.sort(reverse=query.descending)
        return found

    def _span(self, query: Query) -> tuple[int, int]:
        """The first and last id that a generated ticket of the wanted time of making can have."""
        ids, made = range(1, self._tickets.made + 1), self._made_at
        first = bisect_left(ids, query.created_from, key=made) + 1
        if query.created_until is None:
            return first, len(self._index)
        return first, bisect_left(ids, query.created_until, key=made)

    def _made_at(self, ticket_id: int) -> int:
        ticket = self._tickets.as_made(ticket_id)
        return ticket.created_at if ticket else 0
