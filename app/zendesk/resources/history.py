"""What happened to a ticket: audits with their events, and comments."""

from dataclasses import dataclass, field
from typing import Any, Self

from app.zendesk.resources.reading import (
    flag,
    maybe_number,
    maybe_record,
    maybe_records,
    maybe_text,
    number,
    text,
    word,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that an audit tells. A change has a field name and values; a comment has a body."""

    type: str
    field_name: str
    value: Any = field(hash=False)
    previous_value: Any = field(hash=False)
    body: str | None
    public: bool | None

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            type=word(data, "type"),
            field_name=word(data, "field_name"),
            value=data.get("value"),
            previous_value=data.get("previous_value"),
            body=maybe_text(data, "body"),
            public=None if data.get("public") is None else flag(data, "public"),
        )


@dataclass(frozen=True, slots=True)
class Audit:
    """One update of a ticket. `custom` is the metadata that it was sent with, `channel` how it came: “api”, “web”, …"""

    id: int
    ticket_id: int | None
    author_id: int | None
    created_at: str
    events: tuple[Event, ...]
    custom: dict[str, Any] = field(hash=False)
    channel: str = ""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            id=number(data, "id"),
            ticket_id=maybe_number(data, "ticket_id"),
            author_id=maybe_number(data, "author_id"),
            created_at=text(data, "created_at"),
            events=tuple(Event.of(one) for one in maybe_records(data, "events")),
            custom=maybe_record(maybe_record(data, "metadata"), "custom"),
            channel=_channel(maybe_record(data, "via")),
        )


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    audit_id: int | None
    author_id: int | None
    created_at: str
    public: bool
    body: str
    html_body: str

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            id=number(data, "id"),
            audit_id=maybe_number(data, "audit_id"),
            author_id=maybe_number(data, "author_id"),
            created_at=text(data, "created_at"),
            public=flag(data, "public"),
            body=text(data, "body"),
            html_body=text(data, "html_body"),
        )


def _channel(via: dict[str, Any]) -> str:
    """A word; some rules and integrations are told of by numbers."""
    channel = via.get("channel")
    return channel if isinstance(channel, str) else ""
