"""Tickets."""

from dataclasses import dataclass, field
from typing import Any, Self

from app.zendesk.resources.reading import (
    maybe_number,
    maybe_records,
    maybe_text,
    number,
    numbers,
    text,
    word,
    words,
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Times are kept as Zendesk wrote them: `updated_at` is sent back as a stamp."""

    id: int
    status: str
    tags: frozenset[str]
    updated_at: str
    requester_id: int | None = None
    subject: str = ""
    description: str | None = None
    priority: str = ""  # “” where none was ever set
    type: str = ""
    group_id: int | None = None
    assignee_id: int | None = None
    organization_id: int | None = None
    custom_status_id: int | None = None
    ticket_form_id: int | None = None
    brand_id: int | None = None
    custom_fields: dict[int, Any] = field(default_factory=dict, hash=False)  # by field id
    follower_ids: tuple[int, ...] = ()
    created_at: str = ""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            id=number(data, "id"),
            status=word(data, "status"),
            tags=frozenset(words(data, "tags")),
            updated_at=text(data, "updated_at"),
            requester_id=maybe_number(data, "requester_id"),
            subject=text(data, "subject"),
            description=maybe_text(data, "description"),
            priority=word(data, "priority"),
            type=word(data, "type"),
            group_id=maybe_number(data, "group_id"),
            assignee_id=maybe_number(data, "assignee_id"),
            organization_id=maybe_number(data, "organization_id"),
            custom_status_id=maybe_number(data, "custom_status_id"),
            ticket_form_id=maybe_number(data, "ticket_form_id"),
            brand_id=maybe_number(data, "brand_id"),
            custom_fields=_custom_fields(data),
            follower_ids=numbers(data, "follower_ids"),
            created_at=text(data, "created_at"),
        )


@dataclass(frozen=True)
class TicketCount:
    """How many tickets the account has.

    Above 100,000 it is counted once a day; while that happens, `refreshed_at` is None and the value stays at 100,000.
    """

    value: int
    refreshed_at: str | None

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(number(data, "value"), maybe_text(data, "refreshed_at"))


def _custom_fields(data: dict[str, Any]) -> dict[int, Any]:
    return {number(one, "id"): one.get("value") for one in maybe_records(data, "custom_fields")}
