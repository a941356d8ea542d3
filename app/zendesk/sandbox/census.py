"""Counts of tickets by status and by tag, kept up to date so that asking costs nothing."""

from collections import Counter

from .ticket import Ticket


class Census:
    def __init__(self) -> None:
        self.by_status: Counter[str] = Counter()
        self._with_tag: Counter[tuple[str, bool]] = Counter()

    def move(self, before: Ticket | None, after: Ticket | None) -> None:
        """Count a ticket that was made, changed or deleted."""
        if before:
            self._count(before, -1)
        if after:
            self._count(after, 1)

    @property
    def tickets(self) -> int:
        return self.by_status.total()

    @property
    def closed(self) -> int:
        return self.by_status["closed"]

    def open_with_tag(self, tag: str) -> int:
        """How many tickets with this tag are not closed."""
        return self._with_tag[tag, False]

    def with_tag(self, tag: str) -> int:
        return self._with_tag[tag, False] + self._with_tag[tag, True]

    def popular(self, most: int) -> list[tuple[str, int]]:
        """Tags with the number of their tickets, the most popular first."""
        counts: Counter[str] = Counter()
        for (tag, _), count in self._with_tag.items():
            if count:
                counts[tag] += count
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]

    def _count(self, ticket: Ticket, step: int) -> None:
        closed = ticket.status == "closed"
        self.by_status[ticket.status] += step
        for tag in ticket.tags:
            self._with_tag[tag, closed] += step
