"""The account's own ticket statuses."""

from dataclasses import dataclass
from typing import Any, Self

from app.zendesk.resources.reading import flag, number, text, word


@dataclass(frozen=True, slots=True)
class CustomStatus:
    """An account's own name for one of Zendesk's statuses, its category.

    `default`: whoever sets the plain status gets this one of its own.
    """

    id: int
    category: str
    label: str
    active: bool
    default: bool

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            id=number(data, "id"),
            category=word(data, "status_category"),
            label=text(data, "agent_label"),
            active=flag(data, "active", default=True),
            default=flag(data, "default"),
        )
