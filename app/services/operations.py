"""Operations: what to do to one ticket, as tools register them by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.models import User
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
    "changes_nothing",
    "decided",
    "is_open_to",
    "named",
    "operation",
    "prepared",
]

Arguments = dict[str, Any]
Pinned = dict[str, Any]
# Of the client, the arguments, and what the plan relies on (None before there is one). Raises PlanOutdated,
# SelectionGone, ZendeskError.
Preparation = Callable[[Client, Arguments, Pinned | None], Recipe]
# Of the client and the arguments. Asked once for each plan. Raises ZendeskError.
Remarks = Callable[..., list[str]]


@dataclass(frozen=True)
class Operation:
    """`relies_on_zendesk`: its plan may go out of date by what is no ticket, such as a macro.

    `harm`: what it does that is so hard to make good that whoever starts it types the number of tickets, as a sentence.
    `requires_admin`: only an admin may order it, start it or let it go on. `changes_nothing`: it only looks at tickets.
    """

    name: str
    reversible: str  # fully, partly or not: said before the run, unless the plan itself says more
    prepare: Preparation
    relies_on_zendesk: bool = False
    harm: str = ""
    requires_admin: bool = False
    changes_nothing: bool = False


class UnknownOperation(Exception):
    """A job asks for what no tool can do. Its message says so to the user."""


_registry: dict[str, Operation] = {}


def operation(
    name: str,
    *,
    reversible: str,
    request: Callable[..., dict[str, Any]] | None = None,
    remarks: Remarks | None = None,
    harm: str = "",
    requires_admin: bool = False,
) -> Callable[[Callable[..., Decision]], Callable[..., Decision]]:
    """Register the decorated pure function as the operation of this name.

    `request` gives, of the arguments, what every ticket that it changes is sent. It holds what was asked for, not what
    one ticket lacks, so that one that moved since can be planned anew. Without it, each ticket is sent its own change,
    and left alone if it moved. `remarks` gives what those who read the plan should know of the account, in sentences.
    """

    def register(decide: Callable[..., Decision]) -> Callable[..., Decision]:
        def prepare(client: Client, arguments: Arguments, pinned: Pinned | None) -> Recipe:
            typed = _typed(arguments)
            same = request(**typed) if request else None
            if pinned is None and remarks:
                pinned = {"remarks": remarks(client, **typed)}
            return Recipe(
                decide=lambda tickets: ((one, decide(one, **typed)) for one in tickets),
                shared=lambda _change: same,
                anew=lambda ticket: decide(ticket, **typed),
                pinned=pinned or {},
            )

        _registry[name] = Operation(
            name, reversible, prepare, harm=harm, requires_admin=requires_admin
        )
        return decide

    return register


def prepared(
    name: str, *, reversible: str, relies_on_zendesk: bool = False, changes_nothing: bool = False
) -> Callable[[Preparation], Preparation]:
    """Register the decorated function, which makes the recipe itself, as the operation of this name."""

    def register(prepare: Preparation) -> Preparation:
        _registry[name] = Operation(
            name, reversible, prepare, relies_on_zendesk, changes_nothing=changes_nothing
        )
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


def is_open_to(user: User, name: str) -> bool:
    """May this person have it done? What no tool knows any more does nothing, and so is open to all."""
    known = _registry.get(name)
    return user.is_admin or known is None or not known.requires_admin


def changes_nothing(name: str) -> bool:
    """Does it only look at tickets? Then whoever sees the tickets' job may have it done."""
    known = _registry.get(name)
    return known is not None and known.changes_nothing


def _typed(arguments: Arguments) -> Arguments:
    """A job's arguments come out of JSON, where a set is a list."""
    return {
        key: frozenset(value) if isinstance(value, list) else value
        for key, value in arguments.items()
    }
