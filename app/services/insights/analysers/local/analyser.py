"""The local analyser: every part of an analysis, of one ticket after the other."""

import time
from collections.abc import Sequence

from app.services.insights.analysers.analyser import (
    LONGEST_SUMMARY,
    UNKNOWN_LANGUAGE,
    Analysis,
    Answers,
)
from app.services.insights.analysers.local import language as languages
from app.services.insights.analysers.local.area import TextOfTicket, area_of
from app.services.insights.analysers.local.judging import judge
from app.services.insights.analysers.local.language import Guess
from app.services.insights.analysers.local.lexicon import (
    SUPPORTED,
    Lexicon,
    of_languages,
    tokens_of,
)
from app.services.insights.analysers.local.own_words import (
    OwnWords,
    in_one_line,
    own_words,
    visible,
)
from app.services.insights.analysers.local.phrases import phrases_of, stop_words
from app.services.insights.ticket_text import TicketText

_READ_SUBJECT = 500  # characters
_READ_BODY = 12_000
_READ_WORDS = 1_500  # of the body, for what speaks for what
_READ_TAGS = 50
_LONGEST_TAG = 100
_SURE_OF_LANGUAGE = 0.35  # below it, the words of the second guess are listened to as well
_FEWEST_WORDS = 3  # of a sentence that says something
_PLAIN_WORDS = 5
_SPACELESS_LETTERS = 6


class LocalAnalyser:
    """Says the same of the same ticket, whenever and in whatever company it is asked."""

    name = "local"

    def analyse(self, tickets: Sequence[TicketText], until: float) -> Answers:
        """Some thousand tickets take a second, so that `until` is looked at now and then."""
        found: list[Analysis] = []
        for place, ticket in enumerate(tickets):
            if place % 100 == 99 and time.monotonic() >= until:
                break
            found.append(analysis_of(ticket))
        return Answers(found)


def analysis_of(ticket: TicketText) -> Analysis:
    subject = in_one_line(ticket.subject[:_READ_SUBJECT])
    own = own_words(ticket.description)
    body = "\n".join(own.sentences())
    words = tokens_of(body[:_READ_BODY])[:_READ_WORDS]
    text = TextOfTicket(subject, body, tokens_of(subject), words)
    guess = _language(text, own)
    tags = [visible(tag[:_LONGEST_TAG]) for tag in ticket.tags[:_READ_TAGS]]
    judged = judge(_lexicon(guess), text, tokens_of(" ".join(tags)))
    area = area_of(text, tags, stop_words(guess.code), guess.code)
    phrases = phrases_of(subject, body, guess.code)
    summary, of_summary = _summary(subject, own)
    confidences = {
        "summary": of_summary,
        "area": area.confidence,
        "phrases": phrases.confidence,
        "language": guess.confidence,
        **judged.confidences,
    }
    return Analysis(
        ticket.ticket_id,
        summary,
        area.name,
        judged.kind,
        judged.severity,
        judged.sentiment,
        phrases.found,
        guess.code,
        confidences,
    )


def _language(text: TextOfTicket, own: OwnWords) -> Guess:
    """Of what the customer has to say or, where that is too little, of the greeting and thanks as well."""
    guess = languages.guess(f"{text.subject}\n{text.body}", [*text.in_subject, *text.in_body])
    if guess.code != UNKNOWN_LANGUAGE:
        return guess
    return languages.guess(own.text, tokens_of(own.text[:_READ_BODY]))


def _lexicon(guess: Guess) -> Lexicon:
    """English words are everywhere; those of a second language only where the first is not sure."""
    wanted = [guess.code]
    if guess.confidence < _SURE_OF_LANGUAGE:
        wanted.append(guess.second)
    known = tuple(code for code in wanted if code in SUPPORTED)
    if guess.code == UNKNOWN_LANGUAGE or not known:
        known = (*known, "en")
    return of_languages(tuple(dict.fromkeys(known)))


def _summary(subject: str, own: OwnWords) -> tuple[str, float]:
    """The first sentence that says something, or else the subject, or else whatever there is."""
    first = ""
    for sentence in own.sentences():
        first = first or sentence
        words = len(sentence.split())
        if words >= _FEWEST_WORDS or _is_spaceless(sentence):
            return _cut(sentence), 0.9 if words >= _PLAIN_WORDS else 0.6
    if subject:
        return _cut(subject), 0.5
    return _cut(first), 0.3 if first else 0.0


def _is_spaceless(sentence: str) -> bool:
    return not sentence.isascii() and len(sentence) >= _SPACELESS_LETTERS


def _cut(sentence: str) -> str:
    """At the end of a word, where there is one."""
    if len(sentence) <= LONGEST_SUMMARY:
        return sentence
    start = sentence[: LONGEST_SUMMARY - 1]
    place = start.rfind(" ")
    return (start[:place] if place > LONGEST_SUMMARY // 2 else start) + "…"
