"""Recipes: an operation made ready for one job."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.services.change import Change, Planned
from app.services.reasons import Reason
from app.zendesk.resources import Ticket as Snapshot


@dataclass(frozen=True)
class Skip:
    """Leave the ticket alone, for this reason. `note` is what more there is to say of it."""

    reason: Reason
    note: str | None = None


Decision = Change | Skip
Doubts = Callable[[Sequence[Snapshot]], list[str]]
Completion = Callable[[Sequence[Planned]], Iterable[tuple[Planned, Decision]]]


def decided(change: Change) -> Decision:
    """The change, or that there is nothing to change."""
    return Skip(Reason.ALREADY_SO) if change.is_empty else change


class PlanOutdated(Exception):
    """What the plan relies on has changed since it was made. Its message says what, to the user.

    `advice` says what to do about it.
    """

    def __init__(self, what: str, advice: str = "Plan it again, and look at the new plan."):
        super().__init__(what)
        self.advice = advice


def _own(_change: Change) -> None:
    return None


@dataclass(frozen=True)
class Recipe:
    """How one job's operation plans its tickets, and what it sends for each.

    decide
        what becomes of each of the tickets. May ask Zendesk; raises ZendeskError, after what was found out before.
    shared
        what all tickets with such a change are sent, closed ones too: tags to add and to remove. One that moved since
        is planned anew. None: each is sent its own, and left alone if it moved.
    anew
        what becomes of a ticket that was to be sent what all are sent, and moved since the plan. None: it is to get and
        to lose what it still can of that.
    doubts
        what speaks against the plan, in sentences, on a sample of its tickets. Asks Zendesk; raises ZendeskError.
    notes
        what the ledger is to keep of a ticket beside its change, by column: whom it writes to, and what it lacks. The
        plan's `reach` sums it up. None: nothing.
    tried
        what looking twice at the sample has found out for that, as JSON. Called after `doubts`.
    complete
        the changes as they are to be sent, with the whole of their comments, or why a ticket is left alone after all.
        May ask Zendesk; raises ZendeskError and PlanOutdated. None: changes are sent as they were planned.
    recheck
        look again whether what the changes were completed with is still what was agreed to, just before they are sent.
        Gives its `as_of` by now. Asks Zendesk; raises ZendeskError and PlanOutdated. None: it cannot have moved.
    as_of
        when what the changes are completed with was last touched. What was completed before that is not sent, even if
        all is again as agreed to. None: it cannot be touched.
    pinned
        what the plan relies on beside the tickets, as JSON. The plan's seal covers it.
    macro_id
        the macro that the tickets' history is to name.
    """

    decide: Callable[[Sequence[Snapshot]], Iterable[tuple[Snapshot, Decision]]]
    shared: Callable[[Change], dict[str, Any] | None] = _own
    anew: Callable[[Snapshot], Decision] | None = None
    doubts: Doubts | None = None
    notes: Callable[[Snapshot, Change], dict[str, Any]] | None = None
    tried: Callable[[], dict[str, Any]] | None = None
    complete: Completion | None = None
    recheck: Callable[[], str] | None = None
    as_of: str | None = None
    pinned: dict[str, Any] = field(default_factory=dict)
    macro_id: int | None = None
