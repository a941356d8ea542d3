"""What a search looks at first: eight bytes for each ticket, enough to rule most of them out."""

from array import array
from collections import deque
from collections.abc import Iterable, Sequence

from .clock import Clock
from .ticket import PRIORITIES, STATUSES, TYPES, Ticket

_TAG_BITS, _GROUP_BITS = 40, 6


def _bits(names: Iterable[str | None], first: int) -> dict[str | None, int]:
    return {name: 1 << (first + place) for place, name in enumerate(names)}


_STATUS_BITS = _bits(STATUSES, 0)
_PRIORITY_BITS = _bits((*PRIORITIES, None), 6)
_TYPE_BITS = _bits((*TYPES, None), 11)
_FIRST_GROUP, _FIRST_TAG = 16, 16 + _GROUP_BITS


def status_mask(statuses: Iterable[str]) -> int:
    return sum(_STATUS_BITS[status] for status in statuses)


def priority_mask(priorities: Iterable[str | None]) -> int:
    return sum(_PRIORITY_BITS[priority] for priority in priorities)


def group_mask(group_id: int | None) -> int:
    return 1 << (_FIRST_GROUP + (group_id or 0) % _GROUP_BITS)


def tag_mask(tag: str) -> int:
    return 1 << (_FIRST_TAG + hash(tag) % _TAG_BITS)


def sketch(ticket: Ticket) -> int:
    """One bit each for status, priority, type, group and tags; different tags may share one."""
    bits = (
        _STATUS_BITS[ticket.status]
        | _PRIORITY_BITS[ticket.priority]
        | _TYPE_BITS[ticket.type]
        | group_mask(ticket.group_id)
    )
    for tag in ticket.tags:
        bits |= 1 << (_FIRST_TAG + hash(tag) % _TAG_BITS)
    return bits


class Index:
    """Sketches by id. It also remembers changes that a search does not see yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sketches = array("Q")
        self._unseen: deque[tuple[int, int, Ticket | None]] = deque()
        self.version = 0

    def skip(self) -> None:
        """The next id has no ticket any more."""
        self._sketches.append(0)

    def move(self, before: Ticket | None, after: Ticket | None, lag: float = 0.0) -> None:
        """Take a change in. With a lag, the ticket as it was before is kept for that long."""
        ticket = after or before
        if ticket is None:
            return
        missing = ticket.id - len(self._sketches)
        if missing > 0:
            self._sketches.extend([0] * missing)
        self._sketches[ticket.id - 1] = sketch(after) if after else 0
        self.version += 1
        if lag:
            self._unseen.append((self._clock.now(), ticket.id, before))

    def candidates(self, masks: Sequence[int], first: int, last: int) -> list[int]:
        """Ids of tickets, from `first` to `last`, that have a bit of each of the masks."""
        sketches = self._sketches[first - 1 : last]
        found = [place for place, bits in enumerate(sketches, first) if bits]
        for mask in masks:
            found = [place for place in found if sketches[place - first] & mask]
        return found

    def __len__(self) -> int:
        return len(self._sketches)

    def unseen(self, lag: float) -> dict[int, Ticket | None]:
        """Tickets changed so lately that a search finds them as they were before.

        The lag is in virtual microseconds.
        """
        oldest = self._clock.now() - lag
        while self._unseen and self._unseen[0][0] < oldest:
            self._unseen.popleft()
        # Backwards, so that the oldest of several changes wins.
        return {number: before for _, number, before in reversed(self._unseen)}
