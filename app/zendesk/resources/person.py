"""People: whom Zendesk takes us for, agents and requesters, and their groups."""

from dataclasses import dataclass
from typing import Any, Self

from app.zendesk.resources.reading import flag, maybe_number, number, text, word


@dataclass(frozen=True)
class Me:
    """Whom Zendesk takes us for. `id` is None for an anonymous caller, who is answered with 200 all the same."""

    id: int | None
    name: str
    email: str
    role: str

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            maybe_number(data, "id"), text(data, "name"), text(data, "email"), word(data, "role")
        )


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    email: str
    role: str
    active: bool
    suspended: bool

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            id=number(data, "id"),
            name=text(data, "name"),
            email=text(data, "email"),
            role=word(data, "role"),
            active=flag(data, "active", default=True),
            suspended=flag(data, "suspended"),
        )


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    name: str
    deleted: bool = False

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(number(data, "id"), text(data, "name"), flag(data, "deleted"))
