"""What every analyser takes and gives. The kinds, severities and moods are closed lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.services.insights.ticket_text import TicketText

LONGEST_SUMMARY = 200  # characters
LONGEST_AREA = 80
LONGEST_PHRASE = 60
MOST_PHRASES = 5
UNKNOWN_LANGUAGE = "und"  # as ISO 639 writes "undetermined"


class Kind(StrEnum):
    """What a ticket is, by who would take it: its topic wins over its form. A question about an invoice is billing."""

    BUG = "bug"  # something does not do what it should: it fails, breaks, leaks, crashes
    QUESTION = "question"  # how something works, and whether it can
    REQUEST = "request"  # do, change, add, cancel or send something
    BILLING = "billing"  # payments, charges, refunds, invoices, prices, vouchers
    DELIVERY = "delivery"  # parcels: late, lost, damaged on the way, or with the wrong thing inside
    ACCOUNT = "account"  # signing in, passwords, codes, profiles and who may what
    COMPLAINT = "complaint"  # about how somebody was treated, rather than about a thing
    OTHER = "other"  # nothing of the above can be read from it


class Severity(StrEnum):
    LOW = "low"  # no hurry, or nothing is wrong
    NORMAL = "normal"
    HIGH = "high"  # somebody cannot go on, or money is missing, or it is not the first time
    CRITICAL = "critical"  # danger to people, data or a whole business


class Sentiment(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Trouble(StrEnum):
    """Why a ticket could not be analysed. Codes are what is kept and logged, never a ticket's text."""

    UNEXPECTED = "unexpected"  # our own fault
    MISSING = "missing"  # the answer said nothing of the ticket
    INVALID = "invalid"  # what it said of the ticket is out of bounds, or said twice
    MALFORMED = "malformed"  # the answer could not be read
    TRUNCATED = "truncated"  # the answer was longer than it may be
    DECLINED = "declined"  # the model would not answer
    REJECTED = "rejected"  # the service would not take the call
    BUSY = "busy"  # the service was overloaded, or out of order, time and again
    UNREACHABLE = "unreachable"  # no connection, or no answer in time


@dataclass(frozen=True)
class Analysis:
    """What an analyser makes of a ticket. `area` is empty and `language` is "und" where it cannot tell.

    `confidences` has a number from 0 to 1 for each of `PARTS`: how sure it is. It is low where another answer was near.
    """

    ticket_id: int
    summary: str = field(repr=False)
    area: str = field(repr=False)
    kind: Kind
    severity: Severity
    sentiment: Sentiment
    phrases: tuple[str, ...] = field(repr=False)
    language: str
    confidences: Mapping[str, float]


PARTS = ("summary", "area", "kind", "severity", "sentiment", "phrases", "language")


@dataclass(frozen=True)
class Failure:
    ticket_id: int
    trouble: Trouble


@dataclass(frozen=True)
class Answers:
    """What became of the tickets. Those that are in neither list were not begun, and are asked for again.

    `stopped` is a sentence for people: why nothing more is to be asked in this run. Empty if all is well.
    """

    analyses: Sequence[Analysis] = ()
    failures: Sequence[Failure] = ()
    stopped: str = ""
    wait_until: datetime | None = None


class Analyser(Protocol):
    @property
    def name(self) -> str:
        """As it is kept with what it says, at most 40 characters."""
        ...

    def analyse(self, tickets: Sequence[TicketText], until: float) -> Answers:
        """Analyse the tickets, and begin nothing once `time.monotonic()` reaches `until`.

        What it raises is its own fault: the caller finds the ticket that caused it, and marks that one.
        """
        ...
