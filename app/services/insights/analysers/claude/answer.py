"""What Claude answered, checked: every field has bounds, and only the tickets that were asked about count."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.services.insights.analysers.analyser import (
    LONGEST_AREA,
    LONGEST_PHRASE,
    LONGEST_SUMMARY,
    MOST_PHRASES,
    Analysis,
    Answers,
    Failure,
    Kind,
    Sentiment,
    Severity,
    Trouble,
)
from app.services.insights.analysers.local.own_words import in_one_line
from app.services.insights.redaction import redacted


class Malformed(Exception):
    """It is not what was asked for, as a whole."""


def _line(longest: int) -> BeforeValidator:
    """A text in one line, without what cannot be seen; a little too long is cut, since no model counts letters."""

    def fit(value: Any) -> Any:
        if not isinstance(value, str) or len(value) > 5 * longest:
            return value
        return redacted(in_one_line(value))[:longest]

    return BeforeValidator(fit)


def _first(value: Any) -> Any:
    return value[:MOST_PHRASES] if isinstance(value, list) else value


Summary = Annotated[str, _line(LONGEST_SUMMARY), Field(min_length=1, max_length=LONGEST_SUMMARY)]
Area = Annotated[str, _line(LONGEST_AREA), Field(max_length=LONGEST_AREA)]
Phrase = Annotated[str, _line(LONGEST_PHRASE), Field(max_length=LONGEST_PHRASE)]
Confidence = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Confidences(BaseModel):
    model_config = ConfigDict(extra="forbid")

    summary: Confidence
    area: Confidence
    kind: Confidence
    severity: Confidence
    sentiment: Confidence
    phrases: Confidence
    language: Confidence


class Described(BaseModel):
    """A ticket, as Claude describes it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: str = Field(max_length=16)
    summary: Summary
    area: Area
    kind: Kind
    severity: Severity
    sentiment: Sentiment
    phrases: Annotated[list[Phrase], BeforeValidator(_first), Field(max_length=MOST_PHRASES)]
    language: str = Field(pattern=r"^(?:[a-z]{2}|und)$")
    confidences: Confidences


def answers_in(text: str, names: Mapping[str, int]) -> Answers:
    """What was said of each ticket. One that is not there, is out of bounds or is there twice, has failed.

    Raises Malformed where the text is no such list.
    """
    entries = _entries(text)
    told = Counter(_name(entry) for entry in entries)
    analyses, failures = [], []
    by_name = {_name(entry): entry for entry in entries}
    for name, ticket_id in names.items():
        if name not in by_name:
            failures.append(Failure(ticket_id, Trouble.MISSING))
        elif told[name] > 1 or (found := _described(by_name[name])) is None:
            failures.append(Failure(ticket_id, Trouble.INVALID))
        else:
            analyses.append(_analysis(ticket_id, found))
    return Answers(analyses, failures)


def _entries(text: str) -> list[Any]:
    try:
        entries = json.loads(text)["tickets"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Malformed from None
    if not isinstance(entries, list):
        raise Malformed
    return entries


def _name(entry: Any) -> str:
    name = entry.get("id") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else ""


def _described(entry: Any) -> Described | None:
    try:
        return Described.model_validate(entry)
    except ValidationError:
        return None


def _analysis(ticket_id: int, found: Described) -> Analysis:
    return Analysis(
        ticket_id,
        found.summary,
        found.area,
        found.kind,
        found.severity,
        found.sentiment,
        tuple(dict.fromkeys(phrase for phrase in found.phrases if phrase)),
        found.language,
        found.confidences.model_dump(),
    )
