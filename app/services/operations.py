"""Operations: what to do to one ticket, as tools register them by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.services.change import Change
from app.services.reasons import Reason
from app.services.recipe import Decision, PlanOutdated, Recipe, Skip, decided
from app.zendesk.client import Client
from app.zendesk.resources import Ticket as Snapshot

__all__ = [
    "Change",
    "Decision",
    "Operation",
    "PlanOutdated",
    "Reason",
    "Recipe",
    "Skip",
    "Snapshot",
    "UnknownOperation",
    "decided",
    "named",
    "operation",
    "prepared",
]

Arguments = dict[str, Any]
Pinned = dict[str, Any]
# Of the client, the arguments, and what the plan relies on (None before there is one). Raises PlanOutdated,
# SelectionGone, ZendeskError.
Preparation = Callable[[Client, Arguments, Pinned | None], Recipe]


@dataclass(frozen=True)
class Operation:
    """`relies_on_zendesk`: its plan may go out of date by what is no ticket, such as a macro.

    `harm`: what it does that is so hard to make good that whoever starts it types the number of tickets, as a sentence.
    """

    name: str
    reversible: str  # fully, partly or not: said before the run, unless the plan itself says more
    prepare: Preparation
    relies_on_zendesk: bool = False
    harm: str = ""


class UnknownOperation(Exception):
    """A job asks for what no tool can do. Its message says so to the user."""


_registry: dict[str, Operation] = {}


def operation(
    name: str,
    *,
    reversible: str,
    request: Callable[..., dict[str, Any]] | None = None,
    harm: str = "",
) -> Callable[[Callable[..., Decision]], Callable[..., Decision]]:
    """Register the decorated pure function as the operation of this name.

    `request` gives, of the arguments, what every ticket that it changes is sent. It holds what was asked for, not what
    one ticket lacks, so that one that moved since can be planned anew. Without it, each ticket is sent its own change,
    and left alone if it moved.
    """

    def register(decide: Callable[..., Decision]) -> Callable[..., Decision]:
        def prepare(_client: Client, arguments: Arguments, _pinned: Pinned | None) -> Recipe:
            typed = _typed(arguments)
            same = request(**typed) if request else None
            return Recipe(
                decide=lambda tickets: ((one, decide(one, **typed)) for one in tickets),
                shared=lambda _change: same,
            )

        _registry[name] = Operation(name, reversible, prepare, harm=harm)
        return decide

    return register


def prepared(
    name: str, *, reversible: str, relies_on_zendesk: bool = False
) -> Callable[[Preparation], Preparation]:
    """Register the decorated function, which makes the recipe itself, as the operation of this name."""

    def register(prepare: Preparation) -> Preparation:
        _registry[name] = Operation(name, reversible, prepare, relies_on_zendesk)
        return prepare

    return register


def named(name: str) -> Operation:
    """The operation of this name. Raises UnknownOperation."""
    try:
        return _registry[name]
    except KeyError:
        raise UnknownOperation(
            f"No tool knows how to do “{name}” any more: it was taken out. Nothing more was changed."
        ) from None


def _typed(arguments: Arguments) -> Arguments:
    """A job's arguments come out of JSON, where a set is a list."""
    return {
        key: frozenset(value) if isinstance(value, list) else value
        for key, value in arguments.items()
    }
