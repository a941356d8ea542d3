"""Long lists: a cursor says where the next page begins. What is in it is ours to change."""

import base64
import binascii
from typing import Annotated

from pydantic import Field

from app.api.problems import at

Cursor = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{1,200}$",
        description="The `next_cursor` of the page before. Left out: the first page.",
    ),
]


def cursor_of(place: int | str | None) -> str | None:
    if place is None:
        return None
    return base64.urlsafe_b64encode(str(place).encode()).rstrip(b"=").decode()


def place_in(cursor: str | None) -> str | None:
    """Raises Problem for what no list has given out."""
    if cursor is None:
        return None
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise no_place() from None


def number_in(cursor: str | None, below: int = 2**31) -> int | None:
    """The place as a number. Raises Problem."""
    place = place_in(cursor)
    if place is None:
        return None
    if not (place.isascii() and place.isdecimal() and len(place) < 20 and int(place) < below):
        raise no_place()
    return int(place)


def no_place():
    return at("cursor", "No list has given out this cursor. Begin again, without one.")
