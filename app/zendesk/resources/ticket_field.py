"""The fields that tickets of the account have, system fields among them."""

from dataclasses import dataclass
from typing import Any, Self

from app.zendesk.resources.reading import flag, maybe_records, number, text, word


@dataclass(frozen=True, slots=True)
class FieldOption:
    """`value` is what a ticket holds, and is a tag of it as well; `name` is what people see."""

    name: str
    value: str

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(text(data, "name"), text(data, "value"))


@dataclass(frozen=True, slots=True)
class TicketField:
    """`required` is to solve a ticket. `tag` is what a ticked checkbox adds."""

    id: int
    type: str
    title: str
    active: bool
    required: bool
    options: tuple[FieldOption, ...] = ()
    tag: str = ""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        options = maybe_records(data, "custom_field_options") + maybe_records(
            data, "system_field_options"
        )
        return cls(
            id=number(data, "id"),
            type=word(data, "type"),
            title=text(data, "title"),
            active=flag(data, "active", default=True),
            required=flag(data, "required"),
            options=tuple(FieldOption.of(one) for one in options),
            tag=text(data, "tag"),
        )
