"""Zendesk's answers as small values, with only what we use. Unknown fields and new words never break us."""

from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `cursor` is where the next one starts; None at the end."""

    items: list[T]
    cursor: str | None

    @classmethod
    def meta_cursor(cls, body: dict[str, Any]) -> str | None:
        """The next cursor. `links.next` is there even at the end, so only `has_more` tells."""
        meta = body.get("meta") or {}
        return meta.get("after_cursor") if meta.get("has_more") else None


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
            data.get("id"), data.get("name") or "", data.get("email") or "", data.get("role") or ""
        )


@dataclass(frozen=True)
class View:
    id: int
    title: str
    active: bool = True

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(data["id"], data.get("title") or "", bool(data.get("active", True)))


@dataclass(frozen=True)
class ViewCount:
    """How many tickets a view has. `value` is None while Zendesk is still counting: that is not zero."""

    view_id: int
    value: int | None
    fresh: bool

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(data["view_id"], data.get("value"), bool(data.get("fresh")))


@dataclass(frozen=True)
class Ticket:
    id: int
    status: str
    tags: frozenset[str]
    updated_at: str  # kept as Zendesk wrote it: it is sent back as a stamp
    requester_id: int | None = None

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            id=int(data["id"]),
            status=data.get("status") or "",
            tags=frozenset(_texts(data.get("tags"))),
            updated_at=data.get("updated_at") or "",
            requester_id=data.get("requester_id"),
        )


@dataclass(frozen=True)
class TicketResult:
    """What a Zendesk job says it did to one ticket."""

    ticket_id: int
    success: bool
    error: str = ""
    details: str = ""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        # A failed item may come without `success`, but then it has `error`.
        success = bool(data.get("success", "error" not in data))
        return cls(data["id"], success, _text(data.get("error")), _text(data.get("details")))


@dataclass(frozen=True)
class ZendeskJob:
    """Zendesk's own background job. `results` are by ticket; a ticket may be missing from them."""

    id: str
    status: str
    total: int | None = None
    progress: int | None = None
    message: str = ""
    results: dict[int, TicketResult] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return self.status in {"completed", "failed", "killed"}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        listed = data.get("results")
        listed = listed if isinstance(listed, list) else []
        results = [
            TicketResult.of(item) for item in listed if isinstance(item, dict) and "id" in item
        ]
        return cls(
            id=data["id"],
            status=data.get("status") or "",
            total=data.get("total"),
            progress=data.get("progress"),
            message=data.get("message") or "",
            results={result.ticket_id: result for result in results},
        )


def _texts(value: Any) -> list[str]:
    """Raises TypeError for anything but a list of texts, or nothing."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError("a list of texts was expected")
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
