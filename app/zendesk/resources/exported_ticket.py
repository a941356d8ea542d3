"""Tickets as an incremental export gives them: whatever is odd in one, the others of its page are read."""

from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

_LARGEST = 2**63  # what a database holds
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 4_102_444_800  # the year 2100: beyond, it is no time in seconds


class ExportedTicket(NamedTuple):
    """What is missing or of a wrong type is None or empty. A deleted ticket has the status “deleted”."""

    id: int
    subject: str
    description: str
    status: str
    tags: tuple[str, ...]
    priority: str
    type: str
    requester_id: int | None
    organization_id: int | None
    group_id: int | None
    brand_id: int | None
    assignee_id: int | None
    channel: str
    created_at: datetime
    updated_at: datetime
    generated_timestamp: int  # seconds since the epoch: when anything last reached the ticket

    @classmethod
    def of(cls, data: Any) -> Self | None:
        """None for what is no ticket, since it has no id."""
        ticket_id = _number(data.get("id")) if isinstance(data, dict) else None
        if ticket_id is None or ticket_id < 1:
            return None
        get = data.get
        created_at = _time(get("created_at"))
        updated_at = _time(get("updated_at")) or created_at or _EARLIEST
        via = get("via")
        return cls(
            ticket_id,
            _text(get("subject")),
            _text(get("description")),
            _text(get("status")),
            _words(get("tags")),
            _text(get("priority")),
            _text(get("type")),
            _number(get("requester_id")),
            _number(get("organization_id")),
            _number(get("group_id")),
            _number(get("brand_id")),
            _number(get("assignee_id")),
            _text(via.get("channel")) if isinstance(via, dict) else "",
            created_at or updated_at,
            updated_at,
            _stamp(get("generated_timestamp"), updated_at),
        )


# A page has some twenty thousand values: what is usual is found by the first look at it.


def _text(value: Any) -> str:
    return value if type(value) is str else ""


def _words(value: Any) -> tuple[str, ...]:
    return tuple([one for one in value if type(one) is str]) if type(value) is list else ()


def _number(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is str and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return value if type(value) is int and -_LARGEST < value < _LARGEST else None


def _time(value: Any) -> datetime | None:
    """In UTC, which is also meant where no zone is named."""
    if type(value) is not str:
        return None
    try:
        when = datetime.fromisoformat(value)
        if when.tzinfo is not UTC:
            when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return max(when, _EARLIEST)


def _stamp(value: Any, updated_at: datetime) -> int:
    """One that is no time would be newer than any other of the ticket, for ever."""
    number = _number(value)
    if number is None or not 0 < number < _LATEST:
        return int(updated_at.timestamp())
    return number
