"""Long lists, a page at a time, by key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from app.extensions import db

T = TypeVar("T")
Cursor = int | str


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A page of a list. The cursors are keys of the neighbouring pages; None where there is none."""

    items: list[T]
    next: Cursor | None = None
    previous: Cursor | None = None


def paged(
    rows: Select[T],
    key: Any,
    size: int,
    *,
    newest_first: bool,
    before: Cursor | None,
    after: Cursor | None,
) -> Listed[T]:
    """A page by key: as fast at the end of a long list as at its front."""
    if before is not None:
        rows = rows.where(key < before)
    if after is not None:
        rows = rows.where(key > after)
    backwards = (after is not None) if newest_first else (before is not None)
    ascending = newest_first == backwards
    return page_of(
        rows.order_by(key if ascending else key.desc()),
        size,
        lambda row: getattr(row, key.key),
        backwards=backwards,
        came_from_elsewhere=before is not None or after is not None,
    )


def page_of(
    rows: Select[T],
    size: int,
    cursor: Callable[[T], Cursor],
    *,
    backwards: bool,
    came_from_elsewhere: bool,
) -> Listed[T]:
    """The first of the rows, which begin beside the place that somebody came from, or at the list's front.

    `backwards`: the rows are ordered against the list, so that the page's last one is met first.
    """
    found = list(db.session.scalars(rows.limit(size + 1)))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Listed([])
    has_next = came_from_elsewhere if backwards else more
    has_previous = more if backwards else came_from_elsewhere
    return Listed(
        found,
        next=cursor(found[-1]) if has_next else None,
        previous=cursor(found[0]) if has_previous else None,
    )
