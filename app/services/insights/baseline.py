"""How many tickets are usual, and how far from that the last hours are. Numbers only.

Counts are compared as 2√(n + 3/8) (Anscombe), on which chance alone has a spread of about 1 however many there are.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from statistics import median

DAY, WEEK = 24, 168  # hours
WINDOWS = (3, DAY)
MOST_WEEKS = 8
FEWEST_WEEKS = 4  # of which a season is told
SHORTEST_PAST = 48  # hours, to compare with at all
LONGEST_PAST = 4 * WEEK  # hours, of which an average is taken
_TO_SIGMA = 1.4826  # a median absolute deviation, of what is normally distributed


class Confidence(StrEnum):
    HIGH = "high"  # by the same hours of at least four weeks
    LOW = "low"  # by the average of the hours before
    NONE = "none"


@dataclass(frozen=True)
class Change:
    """`volume` tickets came in the last `hours`, where `expected` are usual; `score` in spreads of what is usual."""

    hours: int
    volume: int
    expected: float = 0.0
    score: float = 0.0
    confidence: Confidence = Confidence.NONE

    @property
    def percent(self) -> int | None:
        """None where less than one ticket is usual."""
        if self.confidence is Confidence.NONE or self.expected < 1:
            return None
        return round(100 * (self.volume - self.expected) / self.expected)


@dataclass(frozen=True)
class Past:
    """Tickets by hour, known from `known_from` on and up to `end`, before which it began in the hour `first`."""

    volumes: Mapping[int, int]
    first: int
    known_from: int
    end: int

    def sum(self, begin: int, end: int) -> int:
        return sum(self.volumes.get(hour, 0) for hour in range(begin, end))


def changes(past: Past, zone: tzinfo) -> list[Change]:
    """Of each of the windows. Those that end as the day does say nothing of an issue without weeks of its own."""
    return [change(past, hours, zone) for hours in WINDOWS]


def change(past: Past, hours: int, zone: tzinfo) -> Change:
    """Of the last so many hours against the same hours of the weeks before, by the clocks in the zone."""
    volume = past.sum(past.end - hours, past.end)
    known = max(past.known_from, past.first)
    ends = [end for end in _weeks_before(past.end, zone) if end - hours >= known]
    if len(ends) >= FEWEST_WEEKS:
        return _seasonal(volume, [past.sum(end - hours, end) for end in ends], hours)
    # Within a day the average says nothing: nights are quiet everywhere.
    return _average(past, volume, hours) if hours % DAY == 0 else Change(hours, volume)


def _seasonal(volume: int, before: Sequence[int], hours: int) -> Change:
    """Against the median, so that one week of trouble is not taken for usual."""
    levels = [_level(one) for one in before]
    middle = median(levels)
    spread = max(1.0, _TO_SIGMA * median(abs(one - middle) for one in levels))
    score = (_level(volume) - middle) / spread
    return Change(hours, volume, float(median(before)), score, Confidence.HIGH)


def _average(past: Past, volume: int, hours: int) -> Change:
    """Against the average. That there was nothing in the week before its first ticket counts, as far as it is known."""
    end = past.end - hours
    begin = max(past.known_from, min(past.first, end - WEEK), end - LONGEST_PAST)
    if end - begin < SHORTEST_PAST:
        return Change(hours, volume)
    expected = past.sum(begin, end) * hours / (end - begin)
    score = _level(volume) - _level(expected)
    return Change(hours, volume, expected, score, Confidence.LOW)


def _level(count: float) -> float:
    return 2 * math.sqrt(count + 3 / 8)


def _weeks_before(end: int, zone: tzinfo) -> list[int]:
    """The same hour of the same weekday, as people's clocks tell it: customers write by these."""
    moment = datetime.fromtimestamp(end * 3600, zone)
    weeks = (moment - timedelta(weeks=number) for number in range(1, MOST_WEEKS + 1))
    return [int(one.timestamp()) // 3600 for one in weeks]
