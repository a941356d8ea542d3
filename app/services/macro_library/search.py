"""Searching the local copy of the macros, a page at a time, by key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, selectinload

from app.extensions import db
from app.models import Access, CopiedMacro, MacroUse, UseKind, User
from app.services.macro_library import word_index
from app.services.macro_library.query import Query

A_PAGE = 25


class State(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    ANY = "any"


class Sort(StrEnum):
    BEST = "best"  # those with the words in their title first, the most used first
    TITLE = "title"
    USED = "used"
    CHANGED = "changed"


@dataclass(frozen=True)
class Search:
    """What somebody looks for. Empty fields leave everything in."""

    words: str = ""
    state: State = State.ACTIVE
    category: str = ""  # with those below it
    access: Access | None = None
    action: str = ""  # a key of `uses.ACTIONS`
    field: str = ""  # the id of a custom field
    tag: str = ""
    unused: bool = False  # in the last 30 days
    sort: Sort = Sort.BEST

    @property
    def query(self) -> Query:
        return Query.of(self.words)


@dataclass(frozen=True)
class Found:
    """A page of what is found. The cursors are ids of macros; None where there is no further page."""

    items: list[CopiedMacro]
    total: int = 0
    next: int | None = None
    previous: int | None = None


@dataclass(frozen=True)
class _Order:
    """Columns to sort by, in their order; of numbers the larger, of texts the smaller come first."""

    columns: Sequence[Any] = ()

    def rows(self, rows: Select[Any], *, backwards: bool) -> Select[Any]:
        """The id comes last, so that no two macros have the same place."""
        return rows.order_by(
            *(one.desc() if backwards else one.asc() for one in [*self.columns, CopiedMacro.id])
        )

    def beyond(self, place: list[Any], *, backwards: bool) -> ColumnElement[bool]:
        """Is a macro after that place, or before it?"""
        condition: ColumnElement[bool] = false()
        for column, value in reversed(
            list(zip([*self.columns, CopiedMacro.id], place, strict=True))
        ):
            further = column < value if backwards else column > value
            condition = or_(further, and_(column == value, condition))
        return condition


def visible_to(user: User) -> ColumnElement[bool]:
    """May the person see the macro?

    Zendesk gives an admin's token everybody's personal macros. Here they are seen by the one whose own they are, known
    by the address, and by admins, as in Zendesk. Those for some groups are seen by all and say whom they are for: who
    signs in here works with the connection's reach, and not as a member of a group.
    """
    if user.is_admin:
        return true()
    own = and_(CopiedMacro.owner_email.is_not(None), CopiedMacro.owner_email == user.email.lower())
    return or_(CopiedMacro.access != Access.PERSON, own)


def page(
    user: User,
    search: Search,
    after: int | None = None,
    before: int | None = None,
    size: int = A_PAGE,
) -> Found:
    """The macros after the one with the id `after`, or just before that with `before`; from the start without.

    An id that is not found any more means the first page.
    """
    order, anchor = _order(search), after if after is not None else before
    wanted = conditions(user, search)
    place = _place(wanted, order, anchor)
    backwards = place is not None and after is None
    rows = _keys(wanted, order, place, backwards=backwards).limit(size + 1)
    ids = list(db.session.scalars(rows))
    more, ids = len(ids) > size, ids[:size]
    if backwards:
        ids.reverse()
    total = count(user, search)
    return _found(_loaded(db.session, ids), total, more, backwards, came_from=place is not None)


def other_states(user: User, search: Search) -> int:
    """How many more there would be if it did not matter whether macros are active."""
    if search.state is State.ANY:
        return 0
    other = State.INACTIVE if search.state is State.ACTIVE else State.ACTIVE
    return count(user, replace(search, state=other))


def one(user: User, macro_id: int) -> CopiedMacro | None:
    """The macro, if the person may see it."""
    wanted = select(CopiedMacro).where(CopiedMacro.id == macro_id, visible_to(user))
    return db.session.scalar(wanted)


def count(user: User, search: Search) -> int:
    rows = select(func.count()).select_from(CopiedMacro).where(*conditions(user, search))
    return db.session.scalar(rows) or 0


def pieces(user: User, search: Search, size: int) -> Iterator[list[CopiedMacro]]:
    """All that is found, piece by piece by key, each in a transaction of its own: readers may be slow."""
    wanted, order, place = conditions(user, search), _order(search), None
    while True:
        with Session(db.engine) as session:
            keys = _keys(wanted, order, place, backwards=False).add_columns(*order.columns)
            found = session.execute(keys.limit(size)).all()
            piece = _loaded(session, [row[0] for row in found])
        if not piece:
            return
        yield piece
        place = [*found[-1][1:], found[-1][0]]


def _keys(
    wanted: list[ColumnElement[bool]], order: _Order, place: list[Any] | None, *, backwards: bool
) -> Select[Any]:
    """The ids of what is found, in order. Whole macros are large, and sorting would carry them along."""
    beyond = [] if place is None else [order.beyond(place, backwards=backwards)]
    return order.rows(select(CopiedMacro.id).where(*wanted, *beyond), backwards=backwards)


def _loaded(session: Any, ids: Sequence[int]) -> list[CopiedMacro]:
    """The macros in the order of their ids here; without those that went meanwhile."""
    rows = select(CopiedMacro).options(selectinload(CopiedMacro.uses))
    by_id = {one.id: one for one in session.scalars(rows.where(CopiedMacro.id.in_(ids)))}
    return [by_id[one] for one in ids if one in by_id]


def conditions(user: User, search: Search) -> list[ColumnElement[bool]]:
    wanted = [visible_to(user)]
    if search.query.words:
        wanted.append(word_index.finds(search.query))
    if search.state is not State.ANY:
        wanted.append(CopiedMacro.active.is_(search.state is State.ACTIVE))
    if search.category:
        below = f"{search.category}::"
        is_below = func.substr(CopiedMacro.category, 1, len(below)) == below
        wanted.append(or_(CopiedMacro.category == search.category, is_below))
    if search.access:
        wanted.append(CopiedMacro.access == search.access)
    if search.unused:
        wanted.append(CopiedMacro.usage_30d == 0)
    uses = {UseKind.ACTION: search.action, UseKind.FIELD: search.field, UseKind.TAG: search.tag}
    return wanted + [used(kind, value) for kind, value in uses.items() if value]


def used(kind: UseKind, value: str) -> ColumnElement[bool]:
    """Does the macro use this?"""
    users = select(MacroUse.macro_id).where(MacroUse.kind == kind, MacroUse.value == value)
    return CopiedMacro.id.in_(users)


def _order(search: Search) -> _Order:
    title, by_use = CopiedMacro.sort_title, -func.coalesce(CopiedMacro.usage_30d, -1)
    if search.sort is Sort.TITLE:
        return _Order([title])
    if search.sort is Sort.USED:
        return _Order([by_use, title])
    if search.sort is Sort.CHANGED:
        return _Order([_newest_first(), title])
    if not search.query.words:
        return _Order([title])
    in_title = case((word_index.finds_by_title(search.query), 0), else_=1)
    return _Order([in_title, by_use, title])


def _newest_first() -> ColumnElement[Any]:
    """Seconds before the epoch, so that it sorts upwards like the rest."""
    if db.engine.dialect.name == "sqlite":
        seconds = cast(func.strftime("%s", CopiedMacro.changed_at), Integer)
    else:
        seconds = func.extract("epoch", CopiedMacro.changed_at)
    return -func.coalesce(seconds, 0)


def _place(
    wanted: list[ColumnElement[bool]], order: _Order, macro_id: int | None
) -> list[Any] | None:
    """What the macro has in the columns that are sorted by."""
    if macro_id is None:
        return None
    one = select(*order.columns, CopiedMacro.id).where(*wanted, CopiedMacro.id == macro_id)
    row = db.session.execute(one).first()
    return list(row) if row else None


def _found(
    items: list[CopiedMacro], total: int, more: bool, backwards: bool, *, came_from: bool
) -> Found:
    if not items:
        return Found([], total)
    has_next = came_from if backwards else more
    has_previous = more if backwards else came_from
    return Found(
        items,
        total,
        next=items[-1].id if has_next else None,
        previous=items[0].id if has_previous else None,
    )
