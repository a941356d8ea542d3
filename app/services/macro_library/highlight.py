"""Which parts of a text a search met, so that a page can mark them. It knows nothing of HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.services.macro_library.folding import folded, is_letter, is_spaceless
from app.services.macro_library.query import Query

BEFORE, SHOWN = 60, 220  # characters of an excerpt: before what was met, and in all


@dataclass(frozen=True)
class Part:
    text: str
    is_met: bool = False


def parts(text: str, query: Query) -> list[Part]:
    """The text in order, parted where what was met begins and ends."""
    found, at = [], 0
    for start, end in _spans(text, query):
        found += [Part(text[at:start]), Part(text[start:end], is_met=True)]
        at = end
    return [part for part in [*found, Part(text[at:])] if part.text]


def excerpt(text: str, query: Query, most: int = SHOWN) -> list[Part]:
    """The place in a long text where a word is met first; its beginning if none is."""
    if len(text) <= most:
        return parts(text, query)
    first = next(_spans(text, query), (0, 0))[0]
    start = max(0, min(first - BEFORE, len(text) - most))
    start = text.find(" ", start, first) + 1 or start if start else 0
    opening = [Part("…")] if start else []
    ending = [Part("…")] if start + most < len(text) else []
    return [*opening, *parts(text[start : start + most], query), *ending]


def is_met(text: str, query: Query) -> bool:
    return next(_spans(text, query), None) is not None


def _spans(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Where in the text a word begins with one that was looked for; from its start to the end of that."""
    if not query.runs:
        return
    plain, places = _folded_with_places(text)
    wanted = re.compile(
        "|".join(re.escape(run) for run in sorted(query.runs, key=len, reverse=True))
    )
    met, end = wanted.search(plain), 0
    while met:
        begins = _begins_word(plain, met) and places[met.start()] >= end
        if begins:
            end = _with_marks(text, places[met.end() - 1] + 1)
            yield places[met.start()], end
        met = wanted.search(plain, met.end() if begins else met.start() + 1)


def _begins_word(plain: str, met: re.Match[str]) -> bool:
    """Anything does in a script without spaces."""
    if is_spaceless(met[0]) or met.start() == 0:
        return True
    before = plain[met.start() - 1]
    return is_spaceless(before) or not is_letter(before)


def _with_marks(text: str, end: int) -> int:
    """Accents that are written as characters of their own belong to the one before them."""
    while end < len(text) and not _folded_character(text[end]):
        end += 1
    return end


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place of the one that it comes from."""
    pieces = [_folded_character(character) for character in text]
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), places


@lru_cache(maxsize=8192)
def _folded_character(character: str) -> str:
    return folded(character)
