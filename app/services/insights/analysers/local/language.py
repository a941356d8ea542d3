"""Which language a text is in: by its script, its small words, and letters that few languages have."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from app.services.insights.analysers.analyser import UNKNOWN_LANGUAGE
from app.services.insights.analysers.local.lexicon import SUPPORTED, lines_of
from app.services.macro_library.folding import folded

_READ = 1_500  # characters: more do not make it surer
_TOKENS = 250
_LEAST = 1.0  # evidence, in small words that no other language has
_DOUBT = 0.8

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),  # before Chinese: Japanese uses its characters too
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("fa", re.compile("[پچژگ]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_OTHER = re.compile("[\u0370-\u1fff\u3040-\ud7af]")
_RARE_LETTERS = (
    ("ß", {"de": 2.0}),
    ("ñ¿¡", {"es": 1.5}),
    ("ãõ", {"pt": 1.5}),
    ("œ", {"fr": 2.0}),
    ("êèàùûîâ", {"fr": 0.5, "it": 0.2, "pt": 0.1}),
    ("é", {"fr": 0.4, "es": 0.2, "pt": 0.2}),
    ("ç", {"fr": 0.5, "pt": 0.7, "tr": 0.5}),
    ("óíá", {"es": 0.5, "pt": 0.3, "pl": 0.1}),
    ("ä", {"de": 0.6, "sv": 0.6}),
    ("ü", {"de": 0.6, "tr": 0.4}),
    ("ö", {"de": 0.4, "sv": 0.4, "tr": 0.3}),
    ("å", {"sv": 1.0, "da": 1.0}),
    ("øæ", {"da": 1.5}),
    ("łąęśźżćń", {"pl": 1.5}),
    ("ğşı", {"tr": 1.5}),
    ("ìò", {"it": 1.0}),
)
_LETTERS = {letter: says for letters, says in _RARE_LETTERS for letter in letters}
_ENDINGS = {
    "en": ("ing", "ness", "ould", "ght", "ly"),
    "de": ("ung", "ungen", "keit", "lich", "isch", "schaft", "eren", "bucht"),
    "fr": ("eux", "euse", "aux", "ée", "ées", "ement", "oir", "ais", "ait"),
    "es": ("cion", "ado", "ados", "ando", "iendo", "dad", "aron", "ción"),
    "pt": ("cao", "coes", "ção", "ções", "dade", "mento", "ções"),
    "it": ("zione", "zioni", "mente", "tura", "ità", "ato", "etto"),
    "nl": ("ijk", "heid", "lijk", "ingen", "tje"),
}
_ENDING_WEIGHT = 0.35
_VOCABULARY_WEIGHT = 0.6
_SHORTEST_WORD = 4


class Guess(NamedTuple):
    code: str
    confidence: float
    second: str = ""  # the next best, for whoever wants to hedge


def guess(text: str, tokens: Sequence[str]) -> Guess:
    """`tokens` are the folded words of the text. Without enough to go by, it is “und”."""
    start = text[:_READ]
    return _by_script(start) or _by_words(start, tokens[:_TOKENS])


def _by_script(text: str) -> Guess | None:
    """None for the Latin script, and where there are no letters."""
    if text.isascii():
        return None
    others = len(_OTHER.findall(text))
    latin = len(_LATIN.findall(text))
    # A character of a spaceless script says as much as two letters, and names of products are Latin everywhere.
    if not others or others * 3 < latin:
        return None
    for code, script in _SCRIPTS:
        if script.search(text):
            return Guess(code, round(others / (others + latin / 3 + 1), 3))
    return None


def _by_words(text: str, tokens: Sequence[str]) -> Guess:
    scores: dict[str, float] = defaultdict(float)
    owners = _owners()
    for token in tokens:
        for code, weight in owners.get(token, ()):
            scores[code] += weight
        if token not in owners and len(token) > _SHORTEST_WORD:
            for code in _by_ending(token):
                scores[code] += _ENDING_WEIGHT
    for letter in [] if text.isascii() else set(text.lower()):
        for code, weight in _LETTERS.get(letter, {}).items():
            scores[code] += weight
    return _decided(scores)


def _decided(scores: dict[str, float]) -> Guess:
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:2]
    if not ranked or ranked[0][1] < _LEAST:
        return Guess(UNKNOWN_LANGUAGE, 0.0, ranked[0][0] if ranked else "")
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else ("", 0.0)
    confidence = (best[1] - second[1]) / (best[1] + _DOUBT)
    if confidence < 0.1:
        return Guess(UNKNOWN_LANGUAGE, round(confidence, 3), best[0])
    return Guess(best[0], round(confidence, 3), second[0])


def _by_ending(token: str) -> tuple[str, ...]:
    return _ending_owners().get(token[-3:], ()) or _ending_owners().get(token[-4:], ())


@cache
def _ending_owners() -> dict[str, tuple[str, ...]]:
    """By the last three or four letters."""
    owners: dict[str, list[str]] = defaultdict(list)
    for code, endings in _ENDINGS.items():
        for ending in {folded(one)[-4:] for one in endings}:
            if len(ending) in (3, 4):
                owners[ending].append(code)
    return {ending: tuple(sorted(codes)) for ending, codes in owners.items()}


@cache
def _owners() -> dict[str, list[tuple[str, float]]]:
    """The languages that have a word, and what it says for each: less where several have it."""
    small: dict[str, set[str]] = defaultdict(set)
    for code, words in small_words().items():
        for word in words:
            small[word].add(code)
    owners = {
        word: [(one, 1 / len(codes)) for one in sorted(codes)] for word, codes in small.items()
    }
    large: dict[str, set[str]] = defaultdict(set)
    for code in SUPPORTED:
        for word in _vocabulary(code):
            large[word].add(code)
    for word, codes in large.items():
        if word not in owners:
            owners[word] = [(one, _VOCABULARY_WEIGHT / len(codes)) for one in sorted(codes)]
    return owners


@cache
def small_words() -> dict[str, frozenset[str]]:
    """Articles, pronouns and the like, folded, by language."""
    found = {}
    for line in lines_of("tongues"):
        code, _, words = line.partition(":")
        found[code] = frozenset(folded(word.strip()) for word in words.split(",") if word.strip())
    return found


def _vocabulary(code: str) -> set[str]:
    """The whole words of the language's own list."""
    found = set()
    for line in lines_of(code):
        for term in line.partition(":")[2].split(","):
            found.update(word for word in folded(term).split() if "*" not in word)
    return {word for word in found if len(word) >= _SHORTEST_WORD}
