"""Kind, severity and mood: what the words speak for is added up, and the strongest wins."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, TypeVar

from app.services.insights.analysers.analyser import Kind, Sentiment, Severity
from app.services.insights.analysers.local.area import TextOfTicket
from app.services.insights.analysers.local.lexicon import Entry, Lexicon

E = TypeVar("E", bound=StrEnum)

_OF_SUBJECT = 1.5  # what stands in the subject counts so much more
_OF_TAGS = 1.0
_TOO_OFTEN = 2  # a word that is repeated counts no more than so often
_NEGATION_REACH = 3  # words
# What is so without any word for it, in the unit of the lists: one weak word.
_USUAL = {Severity.NORMAL: 1.3, Sentiment.NEUTRAL: 1.2}
_DOUBT = 1.0
_LEAST_FOR_KIND = 1.0
_CRITICAL_FROM = 3.0
_OF_QUESTION_MARK = 1.0
_SHOUTING = 0.7
_OF_A_QUESTION = 0.8  # who only asks is in no hurry
# Nobody is glad of these, even where they keep to the facts.
_MOODS: dict[StrEnum, float] = {Severity.CRITICAL: 1.5, Severity.HIGH: 0.6, Kind.COMPLAINT: 1.5}


class Judgement(NamedTuple):
    kind: Kind
    severity: Severity
    sentiment: Sentiment
    confidences: dict[str, float]


class Evidence:
    """What the words of one ticket speak for."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._times: Counter[tuple[str, str]] = Counter()
        self.scores: dict[str, float] = defaultdict(float)

    def read(self, tokens: Sequence[str], worth: float) -> None:
        taken_until: dict[str, int] = {}
        for place in range(len(tokens)):
            for entry in _longest_first(self._lexicon.at(tokens, place)):
                part = entry.label.partition(".")[0]
                # A word that is part of a phrase has spoken with it: “no hurry” is not “hurry”.
                if place < taken_until.get(part, 0) and not entry.rest:
                    continue
                taken_until[part] = max(taken_until.get(part, 0), place + 1 + len(entry.rest))
                self._count(entry, worth, self._is_negated(tokens, place))

    def _count(self, entry: Entry, worth: float, is_negated: bool) -> None:
        label = entry.label
        if is_negated and label == "sentiment.positive":
            label = "sentiment.negative"
        elif is_negated and label in ("sentiment.negative", "severity.high", "severity.critical"):
            return
        self._times[label, entry.term] += 1
        if self._times[label, entry.term] <= _TOO_OFTEN:
            self.scores[label] += entry.weight * worth

    def _is_negated(self, tokens: Sequence[str], place: int) -> bool:
        before = tokens[max(0, place - _NEGATION_REACH) : place]
        return not self._lexicon.negations.isdisjoint(before)


def judge(lexicon: Lexicon, text: TextOfTicket, tags: Sequence[str]) -> Judgement:
    """`tags` are folded words."""
    evidence = Evidence(lexicon)
    evidence.read(text.in_subject, _OF_SUBJECT)
    evidence.read(text.in_body, 1.0)
    evidence.read(tags, _OF_TAGS)
    scores = evidence.scores
    written = f"{text.subject} {text.body}"
    if any(mark in written for mark in "?¿\uff1f"):
        scores["kind.question"] += _OF_QUESTION_MARK
    if written.count("!") > 1 and scores["sentiment.negative"]:
        scores["sentiment.negative"] += _SHOUTING
    kind, of_kind = _kind(scores)
    if kind == Kind.QUESTION:
        scores["severity.low"] += _OF_A_QUESTION
    severity, of_severity = _severity(scores)
    scores["sentiment.negative"] += _MOODS.get(severity, 0.0) + _MOODS.get(kind, 0.0)
    sentiment, of_sentiment = _strongest(scores, Sentiment)
    confidences = {"kind": of_kind, "severity": of_severity, "sentiment": of_sentiment}
    return Judgement(kind, severity, sentiment, confidences)


def _kind(scores: dict[str, float]) -> tuple[Kind, float]:
    kind, confidence = _strongest(scores, Kind)
    if scores[f"kind.{kind}"] < _LEAST_FOR_KIND:
        # Nothing was found, which says little: the words may be missing from our lists.
        return Kind.OTHER, 0.3
    return kind, confidence


def _severity(scores: dict[str, float]) -> tuple[Severity, float]:
    """Danger is not outvoted by what is merely urgent, nor by a polite “no hurry”."""
    critical = scores["severity.critical"]
    if critical < _CRITICAL_FROM:
        scores["severity.high"] += critical
        scores["severity.critical"] = 0
        return _strongest(scores, Severity)
    return Severity.CRITICAL, _confidence(critical, scores["severity.low"])


def _strongest(scores: dict[str, float], values: type[E]) -> tuple[E, float]:
    part = values.__name__.lower()
    ranked = sorted(
        ((scores[f"{part}.{value}"] + _USUAL.get(value, 0.0), value) for value in values),
        key=lambda pair: -pair[0],
    )
    (best, value), (second, _) = ranked[:2]
    return value, _confidence(best, second)


def _confidence(best: float, second: float) -> float:
    """Half or less where two are as strong, and where there is little to go by."""
    return round(best / (best + second + _DOUBT), 3)


def _longest_first(entries: Sequence[Entry]) -> Sequence[Entry]:
    return entries if len(entries) < 2 else sorted(entries, key=lambda one: -len(one.rest))
