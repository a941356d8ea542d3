"""Pages of lists, and where the next one starts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

from app.zendesk.resources.exported_ticket import ExportedTicket
from app.zendesk.resources.reading import (
    OddShape,
    flag,
    maybe_number,
    maybe_record,
    maybe_text,
    records,
)

PAGE = 100  # the most that any list gives at once
SEARCH_CAP = 1000  # results that a search gives at most, however many match

T = TypeVar("T")
Of = Callable[[dict[str, Any]], T]


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `cursor` is where the next one starts; None at the end."""

    items: list[T]
    cursor: str | None

    @classmethod
    def by_cursor(cls, body: dict[str, Any], name: str, of: Of[T]) -> Self:
        """`links.next` is there even at the end, so only `has_more` tells."""
        items = [of(one) for one in records(body, name)]
        meta = maybe_record(body, "meta")
        if not flag(meta, "has_more"):
            if body.get("next_page"):
                raise OddShape("it goes on by page numbers, where cursors were asked for")
            return cls(items, None)
        cursor = maybe_text(meta, "after_cursor")
        if not cursor:
            raise OddShape("there is more, and no cursor to it")
        return cls(items, cursor)

    @classmethod
    def by_number(cls, body: dict[str, Any], name: str, of: Of[T]) -> Self:
        """The cursor is the number of the next page."""
        return cls([of(one) for one in records(body, name)], _next_number(body))


@dataclass(frozen=True)
class SearchPage(Page[T]):
    """`count` is how many match in all. `cursor` is the number of the next page; None at the end or at the cap."""

    count: int

    @property
    def is_capped(self) -> bool:
        """Do more match than a search gives?"""
        return self.count > SEARCH_CAP

    @classmethod
    def of(cls, body: dict[str, Any], of: Of[T]) -> Self:
        found = [one for one in records(body, "results") if one.get("result_type") in _TICKETS]
        following = _next_number(body)
        if following and int(following) > SEARCH_CAP // PAGE:
            following = None
        return cls([of(one) for one in found], following, maybe_number(body, "count") or 0)


_TICKETS = (None, "ticket")


@dataclass(frozen=True)
class IncrementalPage:
    """One page of an export. `cursor` is kept between exports, also after `end_of_stream`.

    `odd` counts what could not be taken for tickets.
    """

    items: list[ExportedTicket]
    cursor: str | None
    end_of_stream: bool
    odd: int = 0

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """An empty page is not the end."""
        end = flag(body, "end_of_stream")
        cursor = maybe_text(body, "after_cursor")
        if not cursor and not end:
            raise OddShape("there is more, and no cursor to it")
        listed = body.get("tickets")
        if not isinstance(listed, list):
            raise OddShape("“tickets” is not a list")
        items = [ticket for one in listed if (ticket := ExportedTicket.of(one))]
        return cls(items, cursor or None, end, len(listed) - len(items))


def _next_number(body: dict[str, Any]) -> str | None:
    address = maybe_text(body, "next_page")
    if not address:
        return None
    try:
        number = parse_qs(urlsplit(address).query).get("page", [""])[0]
    except ValueError:
        number = ""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise OddShape("“next_page” has no page number")
    return number
