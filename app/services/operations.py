"""Operations: what to do to one ticket, as pure functions that tools register by name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.models import Outcome
from app.zendesk.resources import Ticket as Snapshot

__all__ = [
    "Change",
    "Operation",
    "Reason",
    "Skip",
    "Snapshot",
    "UnknownOperation",
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
class Change:
    """What the ticket should become, as the difference to what it is."""

    add_tags: frozenset[str] = frozenset()
    remove_tags: frozenset[str] = frozenset()

    def before(self, ticket: Snapshot) -> dict[str, Any]:
        return {"tags": sorted(ticket.tags)}

    def after(self, ticket: Snapshot) -> dict[str, Any]:
        return {"tags": sorted((ticket.tags | self.add_tags) - self.remove_tags)}


@dataclass(frozen=True)
class Skip:
    """Leave the ticket alone, for this reason."""

    reason: Reason


Decision = Change | Skip


@dataclass(frozen=True)
class Operation:
    """`request` gives the body that Zendesk is sent for every ticket that the operation wants to change.

    It holds what was asked for, not what one ticket lacks: adding a tag twice is harmless, and so a hundred
    different tickets fit into one call.
    """

    name: str
    reversible: str  # fully, partly or not: said before the run
    _decide: Callable[..., Decision]
    _request: Callable[..., dict[str, Any]]

    def decide(self, ticket: Snapshot, arguments: dict[str, Any]) -> Decision:
        return self._decide(ticket, **_typed(arguments))

    def request(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._request(**_typed(arguments))


class UnknownOperation(Exception):
    """A job asks for what no tool can do. Its message says so to the user."""


_registry: dict[str, Operation] = {}


def operation(
    name: str, *, reversible: str, request: Callable[..., dict[str, Any]]
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
