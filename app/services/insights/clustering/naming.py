"""What an issue is called, in the words of its customers; its key phrases; and the tickets that tell it best."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from .space import Space, Vectors, unit
from .vocabulary import STOP_WORDS
from .words import cleaned, masked, meaningful, words

PHRASES = 8
_QUOTED = 5
_READ = 300  # tickets of an issue that are read for its phrases
_LONGEST = 80  # characters of a label
_FEW_WORDS, _MANY_WORDS = 3, 9  # of a subject that reads well as a label
_LONGEST_WORD = 30  # letters
# What counts for a label beside being central: that others wrote it, with its words, and that it reads as one.
_OFTEN, _AGREED, _READS = 0.4, 0.8, 0.15
_USUAL = 0.25  # of the tickets have a word that is as usual as can be
_TRIED, _SAME_SPELLING = 100, 0.8
_SAMENESS = 0.7  # how much being like one that is quoted already speaks against a ticket

_TOKEN = re.compile(r"[^\W_]+(?:[-'\u2019.][^\W_]+)*")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Text:
    """A ticket as naming reads it."""

    ticket_id: int
    subject: str
    description: str


@dataclass(frozen=True)
class Name:
    label: str
    phrases: list[str]
    quoted: list[int]  # ids of tickets


class Background:
    """How many of the desk's texts have each phrase, so that what all say is no issue's own."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._counts: Counter[str] = Counter()
        self._total = 1
        for text in texts:
            self._counts.update(_phrases_of(text))
            self._total += 1

    def rarity(self, phrase: str) -> float:
        return float(np.log((1 + self._total) / (1 + self._counts[phrase])))


def describe(texts: Sequence[Text], vectors: Vectors, space: Space, background: Background) -> Name:
    """The issue of these tickets, of which there is one at least."""
    middle = unit(vectors.sum(axis=0, keepdims=True))[0]
    order = np.argsort(-(vectors @ middle), kind="stable")
    central = [texts[place] for place in order[:_READ]]
    phrases = _phrases(central, background)
    label = (
        _label(central, space, middle, _usual(central))
        or " ".join(phrases[:3])
        or "Tickets that are alike"
    )
    return Name(_capitalised(label), phrases, _quoted(texts, vectors, middle))


def _label(texts: Sequence[Text], space: Space, middle: Vectors, usual: dict[str, float]) -> str:
    """The subject that says most of what the issue is about, in words that others use as well, and reads as a name."""
    counts = Counter(filter(_is_readable, (cleaned(text.subject) for text in texts)))
    if not counts:
        return ""
    subjects = sorted(counts)
    near = space.place([words(subject) for subject in subjects]) @ middle
    often = np.sqrt([counts[subject] / max(counts.values()) for subject in subjects])
    reads = np.array([_reads(subject) for subject in subjects])
    agreed = np.array([_share_of(subject, usual) for subject in subjects])
    return subjects[int(np.argmax(near + _OFTEN * often + _AGREED * agreed + _READS * reads))]


def _usual(texts: Sequence[Text]) -> dict[str, float]:
    """How usual each word is among the tickets, up to 1. Slips of the pen are not, nor is a language that few write."""
    counts = Counter(
        token
        for text in texts
        for token in _tokens(f"{cleaned(text.subject)} {meaningful(text.description)}")
    )
    return {token: min(1.0, count / (_USUAL * len(texts))) for token, count in counts.items()}


def _share_of(subject: str, usual: dict[str, float]) -> float:
    found = _tokens(subject)
    return sum(usual.get(token, 0) for token in found) / max(1, len(found))


def _tokens(text: str) -> set[str]:
    return {token for token in _TOKEN.findall(text.lower()) if len(token) <= _LONGEST_WORD}


def _is_readable(subject: str) -> bool:
    return 3 <= len(subject) <= _LONGEST and len(_LETTER.findall(subject)) * 2 > len(subject)


def _reads(subject: str) -> float:
    count = len(subject.split())
    fits = _FEW_WORDS <= count <= _MANY_WORDS or len(subject) == len(subject.encode()) // 3
    return (
        float(fits) + float(subject[:1].isupper()) / 2 - float("!" in subject or "?" in subject) / 2
    )


def _capitalised(label: str) -> str:
    return label[:1].upper() + label[1:]


def _phrases(texts: Sequence[Text], background: Background) -> list[str]:
    """Those that many of the tickets have and few others; none that is a part of another."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_phrases_of(text))
    least = max(2, len(texts) // 50) if len(texts) > 1 else 1
    scored = sorted(
        (-count * background.rarity(phrase) * (1 + 0.3 * phrase.count(" ")), phrase)
        for phrase, count in counts.items()
        if count >= least
    )
    kept: list[str] = []
    for _, phrase in scored:
        tokens = set(phrase.split())
        if not any(tokens & set(other.split()) for other in kept):
            kept.append(phrase)
        if len(kept) == PHRASES:
            break
    return kept


def _phrases_of(text: Text) -> set[str]:
    """Words, and pairs and triples of them that neither begin nor end with a mere filler."""
    found: set[str] = set()
    for part in (masked(text.subject[:300]), meaningful(text.description)):
        tokens = [token for token in _TOKEN.findall(part.lower()) if len(token) <= _LONGEST_WORD]
        for place, token in enumerate(tokens):
            if not _says_something(token):
                continue
            found.add(token)
            for length in (2, 3):
                last = place + length
                if last <= len(tokens) and _says_something(tokens[last - 1]):
                    found.add(" ".join(tokens[place:last]))
    return found


def _says_something(token: str) -> bool:
    return token not in STOP_WORDS and len(token) > 1 and not token.isdecimal()


def _quoted(texts: Sequence[Text], vectors: Vectors, middle: Vectors) -> list[int]:
    """Central ones that differ in wording, the most central first."""
    worth = vectors @ middle
    chosen: list[int] = []
    for _ in range(_QUOTED):
        order = np.argsort(-worth, kind="stable")[:_TRIED].tolist()
        said = [texts[place].subject for place in chosen]
        fresh = (place for place in order if _differs(texts[place].subject, said))
        if (place := next(fresh, None)) is None:
            break
        chosen.append(place)
        worth = worth - _SAMENESS * np.maximum(vectors @ vectors[place], 0)
    return [texts[place].ticket_id for place in chosen]


def _differs(subject: str, said: Iterable[str]) -> bool:
    """Is it more than another spelling of what was said?"""
    this = cleaned(subject)[:_LONGEST].lower()
    others = (cleaned(other)[:_LONGEST].lower() for other in said)
    return all(SequenceMatcher(None, this, other).ratio() < _SAME_SPELLING for other in others)
