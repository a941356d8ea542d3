"""All tickets in the order in which something last reached them, as incremental exports need it."""

from array import array
from bisect import bisect_left, bisect_right

from .clock import SECOND

Entry = tuple[int, int]


class Chronicle:
    """Places 0, 1, 2, ... of entries: a moment (microseconds) and a ticket's id.

    First the tickets as they were made, sorted only when somebody asks, then a log of what came
    since. A ticket that changed leaves its old entry behind: whoever reads compares the moment
    with that of the ticket. Four bytes for each ticket, eight once sorted, twelve for each change.
    """

    def __init__(self) -> None:
        self._made_at = array("I")
        self._sorted: array | None = None
        self._moments, self._ids = array("Q"), array("I")

    def made(self, updated_at: int) -> None:
        """The ticket with the next id, as it was made."""
        self._made_at.append(updated_at // SECOND)

    def touched(self, moment: int, ticket_id: int) -> None:
        """Moments never go backwards."""
        self._moments.append(moment)
        self._ids.append(ticket_id)

    def __len__(self) -> int:
        return len(self._made_at) + len(self._moments)

    def __getitem__(self, place: int) -> Entry:
        if place < len(self._made_at):
            ticket_id = self._order[place]
            return self._made_at[ticket_id - 1] * SECOND, ticket_id
        place -= len(self._made_at)
        return self._moments[place], self._ids[place]

    def from_moment(self, moment: int) -> int:
        """The first place that is not before the moment."""
        if not self._moments or moment <= self._moments[0]:
            place = bisect_left(self._order, moment, key=lambda n: self._made_at[n - 1] * SECOND)
            if place < len(self._made_at):
                return place
        return len(self._made_at) + bisect_left(self._moments, moment)

    def after(self, entry: Entry) -> int:
        """The first place behind that entry."""
        moment, _ = entry
        if not self._moments or moment < self._moments[0]:
            return bisect_right(self._order, entry, key=self._entry_of)
        return len(self._made_at) + bisect_right(self._moments, moment)

    @property
    def _order(self) -> array:
        if self._sorted is None:
            key = self._made_at.__getitem__
            places = sorted(range(len(self._made_at)), key=key)
            self._sorted = array("I", (place + 1 for place in places))
        return self._sorted

    def _entry_of(self, ticket_id: int) -> Entry:
        return self._made_at[ticket_id - 1] * SECOND, ticket_id
