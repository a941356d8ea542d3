"""The names of what macros have only ids of: asked of Zendesk for the copy, and told from it afterwards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import ZendeskName
from app.services.macro_library.listing import Reading
from app.services.macros import Account
from app.zendesk.client import Client
from app.zendesk.errors import Forbidden, NotFound
from app.zendesk.resources import Macro, User

T = TypeVar("T")

AT_ONCE = 100  # people whom Zendesk names in one call
_PEOPLE = ("assignee_id", "follower", "cc")


@dataclass
class KnownNames:
    """The names of an account, by kind and id. Implements `macros.Names`."""

    by_id: dict[tuple[str, int], str] = field(default_factory=dict, repr=False)

    def of(self, kind: str, number: int) -> str | None:
        return self.by_id.get((kind, number))

    def of_field(self, number: str) -> str:
        """The custom field's name, by its id as an action has it; the id where it has none."""
        known = self.of("field", int(number)) if number.isascii() and number.isdigit() else None
        return known or f"field {number}"

    def add(self, kind: str, named: Iterable[tuple[int, str]]) -> None:
        self.by_id |= {(kind, number): name for number, name in named if name}


@dataclass
class Surroundings:
    """What macros speak of: the account's fields and statuses, names, and agents by id."""

    account: Account
    names: KnownNames
    agents: dict[int, User] = field(default_factory=dict, repr=False)


def known() -> KnownNames:
    """The names in the local copy."""
    wanted = select(ZendeskName.kind, ZendeskName.number, ZendeskName.name)
    with Session(db.engine) as session:
        return KnownNames({(row.kind, row.number): row.name for row in session.execute(wanted)})


def ask(client: Client, macros: list[Macro], reading: Reading) -> Surroundings:
    """Ask Zendesk. What the plan or the role of the connection's user does not let us see keeps its former name."""
    names = known()
    fields = _permitted(lambda: reading.all(client.ticket_fields()))
    statuses = _permitted(lambda: reading.patiently(client.custom_statuses))
    names.add("field", ((one.id, one.title) for one in fields))
    names.add("status", ((one.id, one.label) for one in statuses))
    names.add("group", _named(_permitted(lambda: reading.all(client.groups()))))
    names.add("form", _named(_permitted(lambda: reading.all(client.ticket_forms()))))
    names.add("brand", _named(_permitted(lambda: reading.all(client.brands()))))
    agents = _agents(client, macros, reading)
    names.add("agent", _named(agents.values()))
    return Surroundings(Account.of(fields, statuses), names, agents)


def _agents(client: Client, macros: list[Macro], reading: Reading) -> dict[int, User]:
    ids, agents = sorted(_people_in(macros)), {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found = _permitted(
            lambda some=some: list(reading.patiently(lambda: client.users(some)).values())
        )
        agents |= {user.id: user for user in found}
    return agents


def _people_in(macros: list[Macro]) -> set[int]:
    """The agents whom macros name, and those whose own they are."""
    named = {
        int(value)
        for macro in macros
        for name, value in macro.actions
        if name in _PEOPLE and isinstance(value, str) and value.isascii() and value.isdigit()
    }
    restrictions = (macro.restriction for macro in macros if macro.restriction)
    owners = {
        one for restriction in restrictions if restriction.type == "User" for one in restriction.ids
    }
    return {number for number in named | owners if 0 < number < 2**63}


def _permitted(asking: Callable[[], list[T]]) -> list[T]:
    try:
        return asking()
    except (Forbidden, NotFound):
        return []


def _named(found: Iterable[Any]) -> Iterable[tuple[int, str]]:
    return ((one.id, one.name) for one in found)
