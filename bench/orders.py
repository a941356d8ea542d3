"""The jobs that are measured: what each does, on which tickets, and the least that it takes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.services.jobs import Order
from bench.floor import Floor, Terms
from bench.servers import Sandbox

ALL_TICKETS = 360_100  # the sandbox's view of them
TAG = "bench-tag"
COMMENT = "Hello {{ticket.requester.first_name}}, we are looking into {{ticket.title}}."


@dataclass(frozen=True)
class Kind:
    """`settings` are the sandbox's; `order` is given the sandbox and the number of tickets."""

    name: str
    order: Callable[[Sandbox, int], Order]
    reads: int = 0  # calls that each ticket takes of its own
    settings: dict[str, Any] = field(default_factory=dict)

    def floor(self, terms: Terms, tickets: int) -> Floor:
        return Floor(terms, tickets, tickets, self.reads * tickets)


def _tags(_sandbox: Sandbox, tickets: int) -> Order:
    return _order(
        tickets,
        tool_slug="tag-manager",
        operation="add_tags",
        arguments={"tags": [TAG]},
        title=f"Add {TAG} to All tickets",
        act_words=f"Add {TAG} to {{tickets}}",
    )


def _macro(sandbox: Sandbox, tickets: int) -> Order:
    return _order(
        tickets,
        tool_slug="apply-macro-to-view",
        operation="apply_macro",
        arguments={"macro_id": _add_macro(sandbox)},
        title="Apply a macro with placeholders to All tickets",
        act_words="Apply a macro to {tickets}",
    )


def _order(tickets: int, **what: Any) -> Order:
    # A view and no list of ids, so that planning has pages to read. Through the service, since a tool's
    # form takes 50,000 at most.
    return Order(selection={"view_id": ALL_TICKETS}, limit=tickets, **what)


def _add_macro(sandbox: Sandbox) -> int:
    actions = [
        {"field": "comment_value", "value": COMMENT},
        {"field": "comment_mode_is_public", "value": "false"},
        {"field": "current_tags", "value": TAG},
    ]
    macro = {"title": "Bench: looking into it", "actions": actions}
    return sandbox.ask("POST", "/macros", macro)["macro"]["id"]


# A closed ticket takes tags, but no comment: where there is one, no ticket is closed.
KINDS = {
    kind.name: kind
    for kind in (
        Kind("tags", _tags),
        Kind("macro", _macro, reads=1, settings={"closed_share": 0.0}),
    )
}
