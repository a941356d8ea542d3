"""Key phrases: the runs of content words that a ticket repeats, or has in its subject."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.services.insights.analysers.analyser import LONGEST_PHRASE, MOST_PHRASES
from app.services.insights.analysers.local.language import small_words
from app.services.insights.analysers.local.lexicon import of_languages
from app.services.macro_library.folding import folded

_READ = 3_000  # characters of the body
_PARTS = re.compile(r"[^\w\s'\u2019%-]+|\s[-\u2013\u2014]+\s|\n")
_WORD = re.compile(r"[^\W_](?:[\w'\u2019.-]*\w)?")
_LONGEST_RUN = 3  # words
_RUNS = 200
_LENGTH_WORTH = {1: 1.0, 2: 1.7, 3: 1.9}
_OF_SUBJECT = 1.5
_SPACELESS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")
_SPACELESS_LONGEST = 12
_SURE_WORDS = 8


class Phrases(NamedTuple):
    found: tuple[str, ...]
    confidence: float


class _Run(NamedTuple):
    words: tuple[str, ...]  # folded
    shown: str
    is_of_subject: bool


def phrases_of(subject: str, body: str, language: str) -> Phrases:
    """At most five, the best first, as they are written but in lower case."""
    stop = stop_words(language)
    runs = [*_runs(subject, stop, True), *_runs(body[:_READ], stop, False)][:_RUNS]
    if not runs:
        return Phrases((), 0.0)
    times = Counter(word for run in runs for word in run.words)
    worth: dict[tuple[str, ...], float] = {}
    shown: dict[tuple[str, ...], str] = {}
    for run in runs:
        shown.setdefault(run.words, run.shown)
        worth[run.words] = worth.get(run.words, 0.0) + _worth(run, times)
    ranked = sorted(worth, key=lambda words: (-worth[words], shown[words]))
    found = _without_repetitions(ranked)
    return Phrases(tuple(shown[words] for words in found), _confidence(times))


def _worth(run: _Run, times: Counter[str]) -> float:
    repeated = sum(min(times[word], 3) for word in run.words) / len(run.words)
    length = _LENGTH_WORTH.get(len(run.words), 1.0)
    return repeated * length * (_OF_SUBJECT if run.is_of_subject else 1.0)


def _confidence(times: Counter[str]) -> float:
    """A few words say little about what matters; words that come again say more."""
    several = sum(1 for number in times.values() if number > 1)
    return round(min(0.9, 0.2 + 0.5 * min(1.0, len(times) / _SURE_WORDS) + 0.1 * several), 3)


def _without_repetitions(ranked: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """A phrase whose words are all in a better one says nothing new."""
    found: list[tuple[str, ...]] = []
    for words in ranked:
        if not any(set(words) <= set(other) for other in found):
            found.append(words)
        if len(found) == MOST_PHRASES:
            break
    return found


def _runs(text: str, stop: frozenset[str], is_of_subject: bool) -> Iterator[_Run]:
    for part in _PARTS.split(text):
        run: list[str] = []
        for word in _words(part):
            if _is_content(word, stop):
                run.append(word)
                continue
            yield from _run(run, is_of_subject)
            run = []
        yield from _run(run, is_of_subject)


def _words(part: str) -> Iterator[str]:
    for word in _WORD.findall(part):
        yield word[:_SPACELESS_LONGEST] if _SPACELESS.match(word) else word


def _run(words: list[str], is_of_subject: bool) -> Iterator[_Run]:
    for start in range(0, len(words), _LONGEST_RUN):
        piece = words[start : start + _LONGEST_RUN]
        shown = " ".join(piece).lower()
        if len(shown) <= LONGEST_PHRASE:
            yield _Run(tuple(folded(word) for word in piece), shown, is_of_subject)


def _is_content(word: str, stop: frozenset[str]) -> bool:
    if len(word) > LONGEST_PHRASE:
        return False
    if word[0].isdigit():
        return any(letter.isalpha() for letter in word)
    plain = word.lower() if word.isascii() else folded(word)
    return plain not in stop and (len(word) > 2 or any(sign.isdigit() for sign in word))


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Words that name nothing: of this language and of English, or of all where it is not known."""
    small = small_words()
    languages = {language, "en"} if language in small else small.keys()
    polite = set()
    for one in ("de", "en", "es", "fr", "it", "pt"):
        if one in languages or language not in small:
            polite |= of_languages((one,)).polite
    return frozenset(polite).union(*(small[one] for one in sorted(languages)))
