"""Parts text into words, of any language and alike for both databases: neither gets to part them itself.

A word is a run of letters, digits and marks, without regard to case, accents and full-width forms. Scripts that put no
spaces between words are parted into overlapping pairs of characters, so that any piece of a sentence is found.
"""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = (
    64  # characters of a word: what is longer is an address or a key, and its beginning will do
)

# Thai, Lao, Tibetan, Burmese, Khmer, and the scripts of Chinese and Japanese.
_SPACELESS = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUNS = re.compile(f"[{_SPACELESS}]+|[^{_SPACELESS}]+")
# Marks that are written over or under European letters; those of other scripts make another letter.
_ACCENTS = re.compile("[\u0300-\u036f]")


def folded(text: str) -> str:
    """The text in lower case, without accents, in its usual forms."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed))


def words_in(text: str) -> Iterator[str]:
    """The folded words of a text in their order, those of spaceless scripts in overlapping pairs."""
    for run in runs_in(folded(text)):
        yield from _pairs(run) if is_spaceless(run) else (run[:LONGEST],)


def runs_in(folded_text: str) -> Iterator[str]:
    """Unbroken runs of letters, each of one kind of script, as they stand in a folded text."""
    for run in re.split(r"\s+", "".join(c if is_letter(c) else " " for c in folded_text)):
        yield from _RUNS.findall(run)


def is_spaceless(run: str) -> bool:
    return bool(re.match(f"[{_SPACELESS}]", run))


def is_letter(character: str) -> bool:
    """A letter, a digit, or a mark that belongs to one."""
    return unicodedata.category(character)[0] in "LNM"


def _pairs(run: str) -> Iterator[str]:
    """Each character with the next one; the last one alone, so that every character begins a word."""
    return (run[place : place + 2] for place in range(len(run)))
