"""Macros, and what they would make of a ticket."""

from dataclasses import dataclass, field
from typing import Any, Self

from app.zendesk.resources.reading import (
    OddShape,
    flag,
    maybe_number,
    maybe_record,
    maybe_records,
    maybe_text,
    number,
    record,
    text,
)

_USAGE = "usage_"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Who may use a macro: the groups, or the one user, of these ids."""

    type: str  # “Group” or “User”
    ids: tuple[int, ...]

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self | None:
        """None for no restriction, which is written as null or as an empty object."""
        if not data:
            return None
        ids = data.get("ids") or [data.get("id")]
        if not isinstance(ids, list):
            raise OddShape("“ids” is not a list of numbers")
        return cls(text(data, "type"), tuple(number({"ids": one}, "ids") for one in ids))


@dataclass(frozen=True, slots=True)
class Macro:
    """A title's segments, parted by “::”, are its categories."""

    id: int
    title: str
    active: bool
    description: str
    # (field, value) in their order; a value is a text, true or false, or a list
    actions: tuple[tuple[str, Any], ...] = field(hash=False)
    restriction: Restriction | None
    updated_at: str
    usage: dict[str, int] = field(default_factory=dict, hash=False)  # by span: “7d”

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            id=number(data, "id"),
            title=text(data, "title"),
            active=flag(data, "active", default=True),
            description=text(data, "description"),
            actions=tuple(_action(one) for one in maybe_records(data, "actions")),
            restriction=Restriction.of(maybe_record(data, "restriction")),
            updated_at=text(data, "updated_at"),
            usage=_usage(data),
        )


@dataclass(frozen=True, slots=True)
class MacroComment:
    """`public` is None where the macro does not say. `scoped` are texts for one channel each."""

    body: str
    html_body: str
    public: bool | None
    scoped: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self | None:
        if not data:
            return None
        public = None if data.get("public") is None else flag(data, "public")
        return cls(text(data, "body"), text(data, "html_body"), public, _scoped(data))


@dataclass(frozen=True, slots=True)
class MacroResult:
    """What a macro would make of a ticket: shaped like one, with the comment and the custom fields apart.

    Nothing is saved by asking for it. Most keys of a full ticket are read-only: never send it back as a whole.
    """

    ticket: dict[str, Any]
    custom_fields: dict[int, Any]
    comment: MacroComment | None

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        ticket = dict(record(data, "ticket"))
        comment = MacroComment.of(maybe_record(ticket, "comment"))
        fields, custom_fields = ticket.pop("fields", None), ticket.pop("custom_fields", None)
        ticket.pop("comment", None)
        return cls(ticket, _fields(fields) | _fields(custom_fields), comment)


def _action(data: dict[str, Any]) -> tuple[str, Any]:
    name = maybe_text(data, "field")
    if not name:
        raise OddShape("“field” is missing")
    return name, data.get("value")


def _usage(data: dict[str, Any]) -> dict[str, int]:
    spans = [key for key in data if key.startswith(_USAGE)]
    return {span.removeprefix(_USAGE): maybe_number(data, span) or 0 for span in spans}


def _scoped(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs = data.get("scoped_body") or []
    if isinstance(pairs, list) and all(_is_pair(pair) for pair in pairs):
        return tuple((channel, words) for channel, words in pairs)
    raise OddShape("“scoped_body” is not a list of pairs")


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)


def _fields(fields: Any) -> dict[int, Any]:
    """Values by field id. Zendesk writes one {id, value} in its example and a list of them elsewhere."""
    listed = fields if isinstance(fields, list) else [fields] if fields else []
    if not all(isinstance(one, dict) for one in listed):
        raise OddShape("“fields” is not a list of objects")
    return {number(one, "id"): one.get("value") for one in listed}
