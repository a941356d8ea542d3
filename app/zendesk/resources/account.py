"""The account: its settings, its tags, and the access token that we use."""

from dataclasses import dataclass
from typing import Any, Self

from app.zendesk.resources.reading import (
    flag,
    maybe_number,
    maybe_record,
    maybe_text,
    number,
    text,
    words,
)


@dataclass(frozen=True)
class AccountSettings:
    """Those settings that decide what an update does. A setting that Zendesk leaves out counts as off."""

    comments_are_public: bool  # where a macro's comment does not say
    assigns_on_solve: bool  # solving an unassigned ticket assigns it to whoever solves it
    has_tags: bool
    has_forms: bool
    is_sandbox: bool

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        tickets, features = maybe_record(data, "tickets"), maybe_record(data, "active_features")
        return cls(
            comments_are_public=flag(tickets, "comments_public_by_default"),
            assigns_on_solve=flag(tickets, "assign_tickets_upon_solve"),
            has_tags=flag(tickets, "tagging"),
            has_forms=flag(features, "ticket_forms"),
            is_sandbox=flag(features, "sandbox"),
        )


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and how often it was used in the last 60 days."""

    name: str
    count: int

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(text(data, "name"), number(data, "count"))


@dataclass(frozen=True)
class Token:
    """The access token that signed the call, without the token. An unknown scope among its scopes gives no access."""

    scopes: tuple[str, ...]
    expires_at: str | None  # None where it does not expire
    client_id: int | None
    user_id: int | None

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            scopes=words(data, "scopes"),
            expires_at=maybe_text(data, "expires_at"),
            client_id=maybe_number(data, "client_id"),
            user_id=maybe_number(data, "user_id"),
        )
