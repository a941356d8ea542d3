"""What we know by its name alone: forms, brands and organisations."""

from dataclasses import dataclass
from typing import Any, Self

from app.zendesk.resources.reading import number, text


@dataclass(frozen=True, slots=True)
class Named:
    id: int
    name: str

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(number(data, "id"), text(data, "name"))
