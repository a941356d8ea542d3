"""The product area: what part of the product a ticket is about, in the account's own words.

Nothing is known beforehand of what an account sells. A tag whose words stand in the text too is the best witness: an
agent, or a rule, has named what the customer writes of. Next are names with a number or a capital within a sentence.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.services.insights.analysers.analyser import LONGEST_AREA
from app.services.macro_library.folding import folded

# How teams mark the tags that name a part of the product: “product_kettle”, “area::checkout”.
_MARKS = frozenset(
    {
        *(
            "product",
            "produkt",
            "produit",
            "producto",
            "area",
            "bereich",
            "component",
            "komponente",
        ),
        *("composant", "feature", "module", "modul", "topic", "thema", "category", "kategorie"),
        *("service", "platform", "brand"),
    }
)
# Tags that tell where a ticket came from, or how it is handled: no part of any product.
_KEEPING = frozenset(
    {
        *(
            "vip",
            "web",
            "mobile",
            "email",
            "mail",
            "chat",
            "api",
            "phone",
            "call",
            "callback",
            "sms",
        ),
        *(
            "escalated",
            "escalation",
            "urgent",
            "priority",
            "high",
            "low",
            "normal",
            "closed",
            "solved",
        ),
        *("open", "pending", "merged", "merge", "duplicate", "spam", "translated", "macro", "auto"),
        *(
            "automatic",
            "automated",
            "bot",
            "survey",
            "csat",
            "sla",
            "eu",
            "us",
            "uk",
            "de",
            "fr",
            "es",
        ),
        *(
            "en",
            "b2b",
            "b2c",
            "repeat",
            "first",
            "contact",
            "new",
            "old",
            "test",
            "todo",
            "internal",
        ),
        *(
            "external",
            "followup",
            "follow",
            "up",
            "reopened",
            "waiting",
            "customer",
            "agent",
            "team",
        ),
        *(
            "bug",
            "question",
            "request",
            "complaint",
            "feedback",
            "problem",
            "incident",
            "task",
            "issue",
        ),
        *("tier1", "tier2", "tier3", "notify", "notified", "trigger", "by"),
    }
)
_PARTS = re.compile(r"[^\w]+|_+")
_NAME = re.compile(
    r"(?<=[\w,)] )"  # within a sentence: its first word has a capital anyway
    r"([A-Z][\w+-]{1,24}(?: (?:[A-Z][\w+-]{0,24}|\d{1,4}[A-Za-z]?)){0,2})"
)
_MODEL = re.compile(r"\b([A-Z][a-z]{2,24} [A-Z]{1,3}-?\d{1,4}[a-z]?)\b")
_READ = 2_000  # characters
_STEM = 4  # a tag's word and one of the text are the same from so many letters on: “crash” and “crashes”
_SURE = 0.85
_UNSAID = 0.3  # a tag with a number, such as a model's, of which the text says nothing
_ONCE = 0.6  # what a name weighs each time


class TextOfTicket(NamedTuple):
    """Subject and body as they were written, and the folded words of both."""

    subject: str
    body: str
    in_subject: Sequence[str]
    in_body: Sequence[str]


class Area(NamedTuple):
    name: str
    confidence: float


class _Witness(NamedTuple):
    name: str
    strength: float


def area_of(text: TextOfTicket, tags: Sequence[str], stop: frozenset[str], language: str) -> Area:
    """`stop` has the words that name nothing. The name is empty if nothing tells."""
    witnesses = [
        *_of_tags(tags, set(text.in_subject), {*text.in_subject, *text.in_body}),
        *_of_names(text, stop, language),
    ]
    shared = _of_both(text.in_subject, set(text.in_body), stop)
    if shared:
        witnesses.append(shared)
    ranked = sorted(witnesses, key=lambda one: (-one.strength, one.name))
    if not ranked:
        return Area("", 0.0)
    best = ranked[0]
    other = next((one.strength for one in ranked[1:] if not _same(one.name, best.name)), 0.0)
    confidence = min(_SURE, best.strength / (best.strength + other + 1.0))
    return Area(best.name[:LONGEST_AREA], round(confidence, 3))


def _of_tags(tags: Sequence[str], in_subject: set[str], in_text: set[str]) -> Iterator[_Witness]:
    for tag in tags:
        words, is_marked = _tag_words(tag)
        if not words or all(word in _KEEPING for word in words):
            continue
        said = sum(_is_said(word, in_text) for word in words)
        in_title = sum(_is_said(word, in_subject) for word in words)
        strength = 2.0 * said / len(words) + 0.5 * said + 0.5 * in_title / len(words)
        strength += 2.0 if is_marked else 0.0
        if not strength and any(sign.isdigit() for sign in tag):
            strength = _UNSAID
        if strength:
            yield _Witness(" ".join(words), strength)


@lru_cache(maxsize=20_000)
def _tag_words(tag: str) -> tuple[tuple[str, ...], bool]:
    """Its words without the mark, and whether it had one."""
    words = tuple(word for word in _PARTS.split(folded(tag)) if word)
    if len(words) > 1 and words[0] in _MARKS:
        return words[1:], True
    return words, False


def _is_said(word: str, words: set[str]) -> bool:
    if word in words:
        return True
    return len(word) >= _STEM and any(
        one.startswith(word) or (len(one) >= _STEM and word.startswith(one)) for one in words
    )


def _of_names(text: TextOfTicket, stop: frozenset[str], language: str) -> Iterator[_Witness]:
    """In German every noun has a capital, so that only a number makes a name there."""
    read = f"{text.subject}\n{text.body[:_READ]}"
    names: dict[str, float] = {}
    for found in _MODEL.findall(read):
        names[found] = names.get(found, 1.6) + 0.4
    for found in _NAME.findall(read) if language != "de" else ():
        names.setdefault(found, 0.0)
        names[found] += _ONCE
    for name, strength in names.items():
        words = folded(name).split()
        is_often = strength > _ONCE or len(words) > 1 or any(sign.isdigit() for sign in name)
        if is_often and not all(word in _KEEPING or word in stop for word in words):
            yield _Witness(" ".join(words), min(strength, 3.0))


def _of_both(in_subject: Sequence[str], in_body: set[str], stop: frozenset[str]) -> _Witness | None:
    """The longest run of words that the subject and the body share: little, where there is nothing better."""
    runs, run = [], []
    for word in (*in_subject, ""):
        if word in in_body and word not in stop and len(word) > 2:
            run.append(word)
        elif run:
            runs.append(" ".join(run))
            run = []
    return _Witness(max(runs, key=len), _ONCE) if runs else None


def _same(one: str, other: str) -> bool:
    return one in other or other in one
