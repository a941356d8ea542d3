"""What programs choose from: macros and views."""

from typing import Annotated

from pydantic import Field

from app.access import me
from app.api import bp, shapes
from app.api.endpoint import endpoint
from app.api.paging import Cursor, cursor_of, no_place, number_in
from app.api.problems import LATER, Problem
from app.forms.program import Part, Text
from app.models import CopiedMacro
from app.services import permissions, views
from app.services.macro_library import freshness, search
from app.services.macro_library.freshness import Freshness
from app.services.macro_library.query import MOST_CHARACTERS
from app.services.macro_library.search import Search, Sort

MOST_MACROS = 100
NOT_COPIED = (
    "The macros have not been copied from Zendesk yet. That happens by itself within a minute: ask again after "
    "Retry-After seconds. If it stays so, no worker or no scheduler is running: tell your admin."
)


class MacrosAsked(Part):
    q: Annotated[Text, Field(max_length=MOST_CHARACTERS)] = Field(
        "", description="Words, each of which must begin a word of the macro. Empty: all macros."
    )
    cursor: Cursor | None = None
    limit: int = Field(25, ge=1, le=MOST_MACROS, description="How many on a page.")


@bp.get("/macros")
@endpoint("Find macros", query=MacrosAsked, answer=shapes.Macros, problems=(503,))
def list_macros(query: MacrosAsked) -> shapes.Macros:
    """The active macros that have all the words, the best first; without words, by their titles."""
    copy = freshness.look()
    if copy.copied_at is None:
        raise _not_copied(copy)
    wanted = Search(words=query.q, sort=Sort.BEST if query.q.strip() else Sort.TITLE)
    after = number_in(query.cursor, below=2**63)
    found = search.page(me(), wanted, after=after, size=query.limit)
    if after is not None and found.items and found.previous is None:
        raise no_place()  # the macro that it names is gone, and so is its place
    return shapes.Macros(
        macros=[_shape_of(one) for one in found.items], next_cursor=cursor_of(found.next)
    )


@bp.get("/views")
@endpoint("List views", answer=shapes.Views, problems=(503,))
def list_views() -> shapes.Views:
    """The active views that the connection can see and you may choose, in Zendesk's order."""
    open_to_me = permissions.views_open_to(me())
    titles = views.listed().titles
    found = [
        shapes.View(id=one, title=title)
        for one, title in titles.items()
        if open_to_me is None or one in open_to_me
    ]
    return shapes.Views(views=found, next_cursor=None)


def _not_copied(copy: Freshness) -> Problem:
    if copy.is_awaited:
        return Problem(503, NOT_COPIED, headers={"Retry-After": str(LATER)})
    words = (
        f"The macros could not be copied from Zendesk: {copy.trouble} It is tried again by itself: "
        "ask again after Retry-After seconds."
    )
    wait = f"{freshness.TRIED_AGAIN_AFTER.total_seconds():.0f}"
    return Problem(503, words, headers={"Retry-After": wait})


def _shape_of(macro: CopiedMacro) -> shapes.Macro:
    return shapes.Macro(
        id=macro.id,
        title=macro.title,
        description=macro.description,
        active=macro.active,
        access=macro.access,  # pyright: ignore[reportArgumentType]
        does=macro.sentences,
        comment=macro.comment,
        comment_is_public=macro.is_public,
        usage_30d=macro.usage_30d,
        changed_at=macro.changed_at.isoformat() if macro.changed_at else None,
    )
