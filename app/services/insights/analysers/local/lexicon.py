"""The word lists: which words speak for which kind, severity and mood, and how strongly."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app.services.macro_library.folding import folded

FOLDER = Path(__file__).parent / "words"
SUPPORTED = ("en", "de", "fr", "es", "pt", "it", "ja")
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019\u00b4`][^\W\d_]+)*|:[()]")
_LONGEST_TOKEN = 60  # what is longer is no word
_SHORTEST_STEM = 2
_KNOWN_TOKENS = 50_000  # entries of each lexicon that are remembered
_ACCENTLESS = str.maketrans(dict.fromkeys("\u2019\u00b4`", "'"))


class Entry(NamedTuple):
    """Of a word or a phrase: its other words, as they must follow, and what it speaks for (“kind.billing”)."""

    rest: tuple[str, ...]
    label: str
    weight: float
    term: str


@dataclass(eq=False)
class Lexicon:
    exact: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    stems: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    within: list[tuple[str, Entry]] = field(default_factory=list)
    negations: set[str] = field(default_factory=set)
    polite: set[str] = field(default_factory=set)
    _known: dict[str, tuple[Entry, ...]] = field(default_factory=dict)

    def at(self, tokens: Sequence[str], place: int) -> list[Entry]:
        """The terms that begin at this token."""
        found = self._known.get(tokens[place])
        if found is None:
            found = self._look_up(tokens[place])
        if not found:
            return []
        return [one for one in found if not one.rest or _follows(tokens, place + 1, one.rest)]

    def _look_up(self, token: str) -> tuple[Entry, ...]:
        found = list(self.exact.get(token, ()))
        for end in range(_SHORTEST_STEM, len(token) + 1):
            found += self.stems.get(token[:end], ())
        found += [entry for part, entry in self.within if part in token]
        if len(self._known) < _KNOWN_TOKENS:
            self._known[token] = tuple(found)
        return tuple(found)

    def read(self, lines: Iterable[str]) -> None:
        for line in lines:
            head, colon, terms = line.partition(":")
            if not colon or line.startswith("#"):
                continue
            words = [folded(term.strip()) for term in terms.split(",")]
            if head in ("negation", "polite"):
                (self.negations if head == "negation" else self.polite).update(words)
                continue
            label, _, weight = head.rpartition(" ")
            for word in words:
                self._add(word, label, float(weight))

    def _add(self, term: str, label: str, weight: float) -> None:
        if term in (":)", ":("):
            first, rest = term, ()
        else:
            first, *rest = [word for word in re.split(r"[\s/-]+", term) if word]
        entry = Entry(tuple(rest), label, weight, term)
        if first.startswith("*"):
            self.within.append((first.strip("*"), entry))
        elif first.endswith("*"):
            self.stems[first[:-1]].append(entry)
        else:
            self.exact[first].append(entry)


@cache
def of_languages(languages: tuple[str, ...]) -> Lexicon:
    """The international words, and those of these languages."""
    lexicon = Lexicon()
    for name in ("any", *languages):
        lexicon.read(lines_of(name))
    return lexicon


def lines_of(name: str) -> list[str]:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def tokens_of(text: str) -> list[str]:
    """Folded words in their order, with their apostrophes, without anything that is too long to be a word."""
    plain = text.lower() if text.isascii() else folded(text.translate(_ACCENTLESS))
    return [token for token in _TOKEN.findall(plain) if len(token) <= _LONGEST_TOKEN]


def _follows(tokens: Sequence[str], place: int, rest: tuple[str, ...]) -> bool:
    if place + len(rest) > len(tokens):
        return False
    return all(_fits(tokens[place + step], word) for step, word in enumerate(rest))


def _fits(token: str, word: str) -> bool:
    return token.startswith(word[:-1]) if word.endswith("*") else token == word
