"""People: whom Zendesk takes us for, agents and requesters, and their groups."""

from dataclasses import dataclass
from typing import Any, Self

from app.zendesk.resources.reading import flag, maybe_number, number, text, word
from app.zendesk.wording import clean


@dataclass(frozen=True)
class Me:
    """Whom Zendesk takes us for. `id` is None for an anonymous caller, who is answered with 200 all the same.

    Its texts are fit to be shown, in a terminal too.
    """

    id: int | None
    name: str
    email: str
    role: str

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        name, email, role = (clean(text(data, key)) for key in ("name", "email", "role"))
        return cls(maybe_number(data, "id"), name, email, role)

    @property
    def label(self) -> str:
        """The name, and the address where there is one."""
        return f"{self.name} <{self.email}>" if self.email else self.name


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
