"""What else uses the tags and the fields of a macro."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from app.extensions import db
from app.models import CopiedMacro, MacroUse, UseKind, User
from app.services.macro_library import search

NAMED = 5  # other macros by title; the rest as a number
MOST = 50  # tags and fields of one macro


@dataclass(frozen=True)
class Shared:
    """A tag or a field of a macro. `others` are the first other macros that use it, of `number` in all."""

    kind: UseKind
    value: str
    others: list[CopiedMacro]
    number: int


def shared(user: User, macro: CopiedMacro) -> list[Shared]:
    """Each tag and each field of the macro, fields first, with the other macros that the person may see."""
    return list(_shared(user, macro))


def tags(user: User, most: int = 200) -> list[str]:
    """The tags that the most macros use, in alphabetical order."""
    return sorted(_most_used(user, UseKind.TAG, most))


def fields(user: User, most: int = 200) -> list[str]:
    """The ids of the custom fields that the most macros set."""
    return _most_used(user, UseKind.FIELD, most)


def _most_used(user: User, kind: UseKind, most: int) -> list[str]:
    rows = (
        select(MacroUse.value)
        .join(CopiedMacro)
        .where(MacroUse.kind == kind, search.visible_to(user))
        .group_by(MacroUse.value)
        .order_by(func.count().desc(), MacroUse.value)
        .limit(most)
    )
    return list(db.session.scalars(rows))


def categories(user: User) -> list[str]:
    """All categories, those that only have others below them too, each before what is below it."""
    rows = select(CopiedMacro.category).where(search.visible_to(user)).distinct()
    found: set[str] = set()
    for category in db.session.scalars(rows):
        segments = category.split("::")
        found |= {"::".join(segments[:depth]) for depth in range(1, len(segments) + 1)}
    return sorted(found - {""}, key=lambda one: one.casefold().split("::"))


def _shared(user: User, macro: CopiedMacro) -> Iterator[Shared]:
    uses = [one for one in macro.uses if one.kind != UseKind.ACTION]
    for use in uses[:MOST]:
        kind = UseKind(use.kind)
        of_it = (search.visible_to(user), search.used(kind, use.value), CopiedMacro.id != macro.id)
        number = db.session.scalar(select(func.count()).select_from(CopiedMacro).where(*of_it)) or 0
        rows = select(CopiedMacro).where(*of_it).order_by(CopiedMacro.sort_title, CopiedMacro.id)
        yield Shared(kind, use.value, list(db.session.scalars(rows.limit(NAMED))), number)
