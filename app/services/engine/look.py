"""Looks: what a ticket as it is now tells of a change that it was, or may have been, sent."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.models import Outcome
from app.services.change import Change
from app.services.engine.row import CLOSED, Row, plan_of
from app.services.engine.verdict import AGAIN, CHANGED, Verdict
from app.services.reasons import Reason
from app.services.recipe import Recipe
from app.zendesk.resources import Ticket

# A ticket that is sent again and again, and never becomes what it should, has something working against us.
MOST_ATTEMPTS = 5
_NEVER_ARRIVED = (
    "It was sent several times, Zendesk's answers were lost, and the ticket never changed."
)
_UNMOVED = "Zendesk speaks of a conflict, although nobody has changed the ticket."


@dataclass(frozen=True)
class Look(ABC):
    """At one ticket. `said` is what Zendesk's result says of it, if it says anything.

    `groups` are those whose tickets the job's owner may choose now; None for all.
    """

    row: Row
    ticket: Ticket
    said: Verdict | None
    groups: frozenset[int] | None = field(default=None, kw_only=True)

    @property
    @abstractmethod
    def may_be_ours(self) -> bool:
        """May the ticket's history tell of us, so that it is worth a call?

        Zendesk's stamps are whole seconds: a ticket that was planned in the very second of our update shows none.
        """

    @property
    def may_be_unmarked(self) -> bool:
        """May an update without our mark be ours?

        Not if Zendesk tells that it left the ticket alone the only time that it was sent: then another program wrote,
        perhaps in our user's name, or another job by the form that carries no mark.
        """
        return self.said is None or self.row.attempts > 1

    @property
    @abstractmethod
    def verdict(self) -> Verdict:
        """If the ticket's history does not tell of us."""

    @property
    def _has_moved(self) -> bool:
        return self.ticket.updated_at != self.row.planned_stamp

    @property
    def _is_outside(self) -> bool:
        return self.groups is not None and self.ticket.group_id not in self.groups

    @property
    def _is_told_closed(self) -> bool:
        return self.said is not None and self.said.reason is Reason.CLOSED


class OwnLook(Look):
    """At a ticket that was sent a change of its own, meant for what it was when the plan was made."""

    @property
    def may_be_ours(self) -> bool:
        return not self._is_told_closed and (self._has_moved or self.row.change.comment is not None)

    @property
    def verdict(self) -> Verdict:
        if self.said and self._is_told_closed:
            return self.said
        if self._has_moved:
            return Verdict.because(Reason.CHANGED_SINCE_PLAN)
        if self._is_outside:
            return Verdict.because(Reason.OTHER_GROUP)
        if self.row.attempts < MOST_ATTEMPTS:
            return AGAIN
        return Verdict.because(Reason.REFUSED, _UNMOVED if self.said else _NEVER_ARRIVED)


@dataclass(frozen=True)
class SharedLook(Look):
    """At a ticket that was sent what all are sent. It may be planned anew, since it is still what was agreed to.

    `recipe` is None where the job's own could not be made any more.
    """

    recipe: Recipe | None

    @property
    def may_be_ours(self) -> bool:
        """After a conflict, a ticket that still lacks the change is not asked about: there may be many."""
        is_stamped = bool(self.row.planned_stamp)  # without, there is no mark of ours either
        return is_stamped and (self._is_as_wanted or (self._has_moved and self.said is None))

    @property
    def verdict(self) -> Verdict:
        if self.recipe is None or self._sent is None:
            return Verdict.because(Reason.RESULT_UNKNOWN)
        if self._is_as_wanted:
            return Verdict.because(Reason.ALREADY_SO) if self._is_somebody_elses else CHANGED
        if self.said and self._is_told_closed and not self._can_reach_closed:
            return self.said
        if self._is_outside:
            return Verdict.because(Reason.OTHER_GROUP)
        if self.row.attempts >= MOST_ATTEMPTS:
            return self._given_up
        plan = plan_of(self.ticket, self._missing, self.recipe.shared(self._missing))
        is_new = any(getattr(self.row, name) != value for name, value in plan.items())
        return Verdict(Outcome.PLANNED, plan=plan if is_new else None)

    @property
    def _given_up(self) -> Verdict:
        if self.said is None:
            return Verdict.because(Reason.RESULT_UNKNOWN)
        return self.said if self._has_moved else Verdict.because(Reason.REFUSED, _UNMOVED)

    @property
    def verdict_before_sending(self) -> Verdict:
        """Of a ticket that is about to be sent: what it has by now is somebody else's, unless it was sent before."""
        was_sent = self.row.attempts > 1
        if self._is_as_wanted and not was_sent:
            return Verdict.because(Reason.ALREADY_SO)
        return self.verdict

    @property
    def _is_somebody_elses(self) -> bool:
        """Is what the ticket has by now not ours? Of our own update, Zendesk tells or the ticket's history.

        That history names no job where no stamp was sent: what Zendesk tells is all there is.
        """
        return self.said is not None or bool(self.row.planned_stamp)

    @property
    def _can_reach_closed(self) -> bool:
        """Was the ticket closed since the plan? Then there is still the form that reaches such tickets."""
        return self.ticket.status == CLOSED and bool(self.row.planned_stamp)

    @property
    def _is_as_wanted(self) -> bool:
        return self._missing.is_empty

    @cached_property
    def _sent(self) -> dict[str, Any] | None:
        """What all such tickets are sent. None where nobody can tell that any more."""
        return self.recipe.shared(self.row.change) if self.recipe else None

    @cached_property
    def _missing(self) -> Change:
        """What the ticket lacks of the change."""
        if self.recipe and self.recipe.anew:
            decision = self.recipe.anew(self.ticket)
            return decision if isinstance(decision, Change) else Change()
        sent = self._sent or {}
        return Change(
            add_tags=frozenset(sent.get("additional_tags", ())) - self.ticket.tags,
            remove_tags=frozenset(sent.get("remove_tags", ())) & self.ticket.tags,
        )
