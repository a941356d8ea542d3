"""Operations: what to do to one ticket, as pure functions that tools register by name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.models import Outcome
from app.services.change import Change
from app.zendesk.resources import Ticket as Snapshot

__all__ = [
    "Change",
    "Operation",
    "Reason",
    "Skip",
    "Snapshot",
    "UnknownOperation",
    "decided",
    "named",
    "operation",
]


class Reason(StrEnum):
    """Why a ticket is not among the changed ones."""

    ALREADY_SO = "already_so"
    CLOSED = "closed"
    CHANGED_SINCE_PLAN = "changed_since_plan"
    NOT_FOUND = "not_found"
    UNTICKED = "unticked"
    NO_PERMISSION = "no_permission"
    REFUSED = "refused"
    RESULT_UNKNOWN = "result_unknown"
    CANCELLED = "cancelled"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]

    @property
    def outcome(self) -> Outcome:
        return OUTCOMES[self]


SENTENCES = {
    Reason.ALREADY_SO: "The ticket is already as you want it.",
    Reason.CLOSED: "The ticket is closed, and Zendesk lets nobody change it.",
    Reason.CHANGED_SINCE_PLAN: "Somebody changed the ticket after the plan was made.",
    Reason.NOT_FOUND: "Zendesk has no such ticket: it was deleted, or the connection may not see it.",
    Reason.UNTICKED: "You left this ticket out.",
    Reason.NO_PERMISSION: "The connection's user may not change this ticket.",
    Reason.REFUSED: "Zendesk refused the change.",
    Reason.RESULT_UNKNOWN: "Zendesk did not say what became of this ticket. Look at it before you try again.",
    Reason.CANCELLED: "The job was cancelled before this ticket's turn.",
}

OUTCOMES = {
    Reason.ALREADY_SO: Outcome.UNCHANGED,
    Reason.CLOSED: Outcome.SKIPPED,
    Reason.CHANGED_SINCE_PLAN: Outcome.SKIPPED,
    Reason.NOT_FOUND: Outcome.SKIPPED,
    Reason.UNTICKED: Outcome.SKIPPED,
    Reason.NO_PERMISSION: Outcome.FAILED,
    Reason.REFUSED: Outcome.FAILED,
    Reason.RESULT_UNKNOWN: Outcome.UNKNOWN,
    Reason.CANCELLED: Outcome.NOT_REACHED,
}


@dataclass(frozen=True)
class Skip:
    """Leave the ticket alone, for this reason."""

    reason: Reason


Decision = Change | Skip


def decided(change: Change) -> Decision:
    """The change, or that there is nothing to change."""
    return Skip(Reason.ALREADY_SO) if change.is_empty else change


@dataclass(frozen=True)
class Operation:
    """`request` gives the body that Zendesk is sent for every ticket that the operation wants to change.

    It holds what was asked for, not what one ticket lacks: adding a tag twice is harmless, and so a hundred
    different tickets fit into one call. An operation whose changes are not all alike has none, and each ticket is
    sent the payload of its own change.
    """

    name: str
    reversible: str  # fully, partly or not: said before the run
    _decide: Callable[..., Decision]
    _request: Callable[..., dict[str, Any]] | None

    @property
    def has_request(self) -> bool:
        """Is every ticket sent the same?"""
        return self._request is not None

    def decide(self, ticket: Snapshot, arguments: dict[str, Any]) -> Decision:
        return self._decide(ticket, **_typed(arguments))

    def request(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """What every ticket is sent. LookupError where each is sent its own."""
        if self._request is None:
            raise LookupError(f"“{self.name}” sends each ticket a change of its own")
        return self._request(**_typed(arguments))


class UnknownOperation(Exception):
    """A job asks for what no tool can do. Its message says so to the user."""


_registry: dict[str, Operation] = {}


def operation(
    name: str, *, reversible: str, request: Callable[..., dict[str, Any]] | None = None
) -> Callable[[Callable[..., Decision]], Callable[..., Decision]]:
    """Register the decorated function as the operation of this name."""

    def register(decide: Callable[..., Decision]) -> Callable[..., Decision]:
        _registry[name] = Operation(name, reversible, decide, request)
        return decide

    return register


def named(name: str) -> Operation:
    """The operation of this name. Raises UnknownOperation."""
    try:
        return _registry[name]
    except KeyError:
        raise UnknownOperation(
            f"No tool knows how to do “{name}” any more: it was taken out. Nothing more was changed."
        ) from None


def _typed(arguments: dict[str, Any]) -> dict[str, Any]:
    """A job's arguments come out of JSON, where a set is a list."""
    return {
        key: frozenset(value) if isinstance(value, list) else value
        for key, value in arguments.items()
    }
