"""Views, and how many tickets they have."""

from dataclasses import dataclass
from typing import Any, Self

from app.zendesk.resources.reading import flag, maybe_number, number, text


@dataclass(frozen=True)
class View:
    id: int
    title: str
    active: bool = True

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(number(data, "id"), text(data, "title"), flag(data, "active", default=True))


@dataclass(frozen=True)
class ViewCount:
    """How many tickets a view has. `value` is None while Zendesk is still counting: that is not zero."""

    view_id: int
    value: int | None
    fresh: bool

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(number(data, "view_id"), maybe_number(data, "value"), flag(data, "fresh"))
