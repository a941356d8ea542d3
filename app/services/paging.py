"""Long lists, a page at a time, by key."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from app.extensions import db

T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A page of a list. The cursors are keys of the neighbouring pages; None where there is none."""

    items: list[T]
    next: int | str | None = None
    previous: int | str | None = None


def paged(
    rows: Select[T],
    key: Any,
    before: int | None,
    after: int | None,
    size: int,
    *,
    newest_first: bool,
) -> Listed[T]:
    """A page by key: as fast at the end of a long list as at its front."""
    if before is not None:
        rows = rows.where(key < before)
    if after is not None:
        rows = rows.where(key > after)
    # Walking against the list's order, the page's last rows are met first.
    backwards = (after is not None) if newest_first else (before is not None)
    ascending = newest_first == backwards
    found = list(
        db.session.scalars(rows.order_by(key if ascending else key.desc()).limit(size + 1))
    )
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return _listed(
        found, key.key, more, backwards, came_from=before is not None or after is not None
    )


def _listed(found: list[T], key: str, more: bool, backwards: bool, *, came_from: bool) -> Listed[T]:
    if not found:
        return Listed([])
    has_next = came_from if backwards else more
    has_previous = more if backwards else came_from
    return Listed(
        found,
        next=getattr(found[-1], key) if has_next else None,
        previous=getattr(found[0], key) if has_previous else None,
    )
