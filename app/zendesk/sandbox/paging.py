"""Zendesk's two ways to page through a list, and the three kinds of cursor that it hands out."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from .answers import bad_paging, too_deep
from .asking import Request
from .settings import Settings

Render = Callable[[int], dict[str, Any]]


class Cursors(Protocol):
    """Turns a place in the list of ids into a cursor and back."""

    def after(self, ids: Sequence[int], place: int) -> dict[str, Any]: ...

    def before(self, ids: Sequence[int], place: int) -> dict[str, Any]: ...

    def start(self, ids: Sequence[int], cursor: dict[str, Any]) -> int: ...

    def end(self, ids: Sequence[int], cursor: dict[str, Any]) -> int: ...


class Keyset:
    """A cursor that names the last record seen. The ids must ascend."""

    def __init__(self, order: str) -> None:
        self._order = order

    def after(self, ids: Sequence[int], place: int) -> dict[str, Any]:
        return {"o": self._order, "v": ids[place - 1]}

    def before(self, ids: Sequence[int], place: int) -> dict[str, Any]:
        return {"o": self._order, "v": ids[place]}

    def start(self, ids: Sequence[int], cursor: dict[str, Any]) -> int:
        return bisect_right(ids, int(cursor["v"]))

    def end(self, ids: Sequence[int], cursor: dict[str, Any]) -> int:
        return bisect_left(ids, int(cursor["v"]))


class Offset:
    """The cursor of a view's tickets: an offset in disguise, so what leaves the view shifts it."""

    def __init__(self, sort: str) -> None:
        self._sort = sort

    def after(self, ids: Sequence[int], place: int) -> dict[str, Any]:
        return {"sort": self._sort, "offset": place}

    before = after

    def start(self, ids: Sequence[int], cursor: dict[str, Any]) -> int:
        return max(0, int(cursor["offset"]))

    end = start


class Pairs:
    """A cursor that names the sort key and the id of the last record seen.

    `pairs` are those of the listed ids, in their order. Works after the record has gone.
    """

    def __init__(self, order: str, pairs: Sequence[tuple[Any, Any]], descending: bool) -> None:
        self._order, self._pairs, self._descending = order, pairs, descending

    def after(self, ids: Sequence[int], place: int) -> dict[str, Any]:
        return {"o": self._order, "v": list(self._pairs[place - 1])}

    def before(self, ids: Sequence[int], place: int) -> dict[str, Any]:
        return {"o": self._order, "v": list(self._pairs[place])}

    def start(self, ids: Sequence[int], cursor: dict[str, Any]) -> int:
        seen = _pair(cursor)
        if self._descending:
            return sum(1 for pair in self._pairs if pair >= seen)
        return sum(1 for pair in self._pairs if pair <= seen)

    def end(self, ids: Sequence[int], cursor: dict[str, Any]) -> int:
        seen = _pair(cursor)
        if self._descending:
            return sum(1 for pair in self._pairs if pair > seen)
        return sum(1 for pair in self._pairs if pair < seen)


class Backwards(Sequence[int]):
    """A list of ids from its end, without a copy."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, slice):
            return self._ids[len(self._ids) - 1 - place]
        start, stop, _ = place.indices(len(self._ids))
        return self._ids[len(self._ids) - stop : len(self._ids) - start][::-1]


def _pair(cursor: dict[str, Any]) -> tuple[Any, Any]:
    key, number = cursor["v"]
    return key, number


def page(
    name: str,
    ids: Sequence[int],
    render: Render,
    request: Request,
    settings: Settings,
    cursors: Cursors,
    cursor_depth: int | None = None,
) -> dict[str, Any]:
    """One page of a list, by cursor if the request asks so and otherwise by offset."""
    if request.asks_for_a_cursor:
        if "page" in request.query:
            raise bad_paging("page cannot be used together with page[size] or a cursor")
        return by_cursor(name, ids, render, request, settings, cursors, cursor_depth)
    return by_offset(name, ids, render, request, settings)


def by_cursor(
    name: str,
    ids: Sequence[int],
    render: Render,
    request: Request,
    settings: Settings,
    cursors: Cursors,
    depth: int | None = None,
) -> dict[str, Any]:
    size = _number(request, "page[size]", settings.max_page_size, settings.max_page_size)
    first, last = _bounds(ids, request, cursors, size)
    if depth is not None and last > depth:
        raise too_deep(depth)
    chosen = [render(record) for record in ids[first:last]]
    has_more = first > 0 if "page[before]" in request.query else last < len(ids)
    after = _encoded(cursors.after(ids, last)) if chosen else None
    before = _encoded(cursors.before(ids, first)) if chosen else None
    return {
        name: chosen,
        "meta": {"has_more": has_more, "after_cursor": after, "before_cursor": before},
        # The link to the next page is there even at the end: has_more says when to stop.
        "links": {
            "prev": _link(request, "page[before]", before, size),
            "next": _link(request, "page[after]", after, size),
        },
    }


def _bounds(ids, request: Request, cursors: Cursors, size: int) -> tuple[int, int]:
    try:
        if before := request.query.get("page[before]"):
            last = min(cursors.end(ids, _decoded(before)), len(ids))
            return max(0, last - size), last
        after = request.query.get("page[after]")
        first = cursors.start(ids, _decoded(after)) if after else 0
    except (ValueError, KeyError, TypeError, OverflowError):
        raise bad_paging("The cursor is not valid") from None
    return first, min(first + size, len(ids))


def by_offset(
    name: str, ids: Sequence[int], render: Render, request: Request, settings: Settings
) -> dict[str, Any]:
    size = _number(request, "per_page", settings.max_page_size, settings.max_page_size)
    number = _number(request, "page", 1)
    if number > settings.offset_pages or (number > 1 and number * size > settings.offset_depth):
        raise too_deep(settings.offset_depth)
    first = (number - 1) * size
    return {
        name: [render(record) for record in ids[first : first + size]],
        "count": len(ids),
        "next_page": _page_link(request, number + 1) if first + size < len(ids) else None,
        "previous_page": _page_link(request, number - 1) if number > 1 else None,
    }


def _number(request: Request, name: str, default: int, most: int | None = None) -> int:
    text = request.query.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise bad_paging(f"{name} must be an integer above zero")
    return min(int(text), most) if most else int(text)


def _page_link(request: Request, number: int) -> str:
    """The page's number comes first: some clients take the first `page=` that they see."""
    kept = {key: value for key, value in request.query.items() if key != "page"}
    return f"{request.url}?{urlencode({'page': number, **kept})}"


def _link(request: Request, name: str, cursor: str | None, size: int) -> str | None:
    if cursor is None:
        return None
    kept = {key: value for key, value in request.query.items() if not key.startswith("page[")}
    return f"{request.url}?{urlencode({**kept, name: cursor, 'page[size]': size})}"


def _encoded(cursor: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(cursor).encode()).decode()


def _decoded(cursor: str) -> dict[str, Any]:
    return json.loads(urlsafe_b64decode(cursor.encode()))
