"""The help desk's views, each with the ids of the tickets that are in it right now."""

from array import array
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from .clock import SECOND
from .generation import DAY, MEDIUM_VIEW_TAG, SMALL_VIEW_TAG
from .ticket import Ticket

Condition = Callable[[Ticket], bool]
FIRST_VIEW = 360_100
SOLVED_OR_CLOSED = frozenset({"solved", "closed"})


@dataclass
class View:
    """`ids` ascend; a ticket enters or leaves at the moment of its change."""

    id: int
    title: str
    condition: Condition
    active: bool = True
    ids: array = field(default_factory=lambda: array("I"))

    def move(self, ticket_id: int, before: Ticket | None, after: Ticket | None) -> None:
        was_in = before is not None and self.condition(before)
        is_in = after is not None and self.condition(after)
        if was_in == is_in:
            return
        place = bisect_left(self.ids, ticket_id)
        # An archived ticket meets the condition and is not here.
        is_here = place < len(self.ids) and self.ids[place] == ticket_id
        if is_in and not is_here:
            self.ids.insert(place, ticket_id)
        elif is_here and not is_in:
            del self.ids[place]


class Views:
    def __init__(self, history_end: int) -> None:
        self._views: dict[int, View] = {}
        for title, condition, active in _usual_views(history_end):
            self.add(title, condition, active)

    def add(self, title: str, condition: Condition, active: bool = True) -> View:
        view = View(FIRST_VIEW + len(self._views), title, condition, active)
        self._views[view.id] = view
        return view

    def get(self, view_id: int) -> View | None:
        return self._views.get(view_id)

    def all(self) -> list[View]:
        return list(self._views.values())

    def move(self, before: Ticket | None, after: Ticket | None) -> None:
        """Let a ticket that was made, changed or deleted enter and leave views."""
        ticket = after or before
        if ticket:
            for view in self._views.values():
                view.move(ticket.id, before, after)


def _usual_views(history_end: int) -> list[tuple[str, Condition, bool]]:
    # A view's ids move only when a ticket does, so "recently" cannot drift with the clock.
    last_week = history_end - 7 * DAY * SECOND
    return [
        ("All tickets", lambda t: True, True),
        ("Unsolved tickets", lambda t: t.status not in SOLVED_OR_CLOSED, True),
        (
            "Recently solved tickets",
            lambda t: t.status == "solved" and t.updated_at > last_week,
            True,
        ),
        (
            "Urgent and high",
            lambda t: t.priority in ("urgent", "high") and t.status not in SOLVED_OR_CLOSED,
            True,
        ),
        ("Billing", lambda t: "billing" in t.tags or "refund" in t.tags, True),
        ("Shipping delays", lambda t: "shipping-delay" in t.tags and t.status != "closed", True),
        ("VIP customers", lambda t: "vip" in t.tags and t.status != "closed", True),
        ("Unassigned tickets", lambda t: t.assignee_id is None and t.status != "closed", True),
        ("Recall of batch 7", lambda t: SMALL_VIEW_TAG in t.tags, True),
        ("Partner escalations", lambda t: MEDIUM_VIEW_TAG in t.tags, True),
        ("Legal holds", lambda t: "legal-hold" in t.tags, True),
        ("Closed tickets", lambda t: t.status == "closed", True),
        ("Old: holiday sale", lambda t: "holiday-sale" in t.tags, False),
    ]
