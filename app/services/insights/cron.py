"""When something is due: the five fields of cron, read in a time zone, and right where its clocks are changed.

What is to happen once a day in an hour that is left out happens when that hour would have ended; in one that comes
twice it happens the first time. What is to happen every hour or every few minutes does so in real time.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from itertools import takewhile

from cronsim import CronSim, CronSimError

FIELDS = ("minute", "hour", "day", "month", "day_of_week")
_SHOWN = ("month", "day", "day_of_week", "hour", "minute")  # as APScheduler tells a trigger
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"(?<![/#\d])\d(?!l)")

NEVER = "No day that will come is like that: it would never run."


class BadCron(ValueError):
    """Its message says what is wrong with the text."""


def checked(text: str, zone: tzinfo, since: datetime) -> str:
    """The text with single spaces, if it is due again at some time. Raises BadCron."""
    parts = text.split()
    if len(parts) != len(FIELDS):
        raise BadCron(
            f"A time has five parts: minute, hour, day of the month, month, day of the week. This has {len(parts)}."
        )
    text = " ".join(parts)
    if following(text, zone, since) is None:
        raise BadCron(NEVER)
    return text


def following(text: str, zone: tzinfo, after: datetime) -> datetime | None:
    """The first moment after this one, in UTC; None if there is none. Raises BadCron."""
    return next(moments(text, zone, after), None)


def moments(text: str, zone: tzinfo, after: datetime) -> Iterator[datetime]:
    """All moments after this one, in UTC. Raises BadCron."""
    try:
        simulated = CronSim(text.upper(), after.astimezone(zone))
    except CronSimError as error:
        raise BadCron(NEVER if _is_of_no_month(text) else _words(str(error))) from None
    return (one.astimezone(UTC) for one in simulated)


def between(text: str, zone: tzinfo, after: datetime, until: datetime) -> list[datetime]:
    """The moments after the first of these times, up to the second and with it. Raises BadCron."""
    return list(takewhile(lambda one: one <= until, moments(text, zone, after)))


def trigger(text: str) -> str:
    """The text as APScheduler would tell it: “cron[hour='2', minute='0']”."""
    told: dict[str, str] = dict(zip(FIELDS, text.lower().split(), strict=True))
    told["day_of_week"] = _DAY.sub(lambda found: _DAYS[int(found[0])], told["day_of_week"])
    shown = [name for name in _SHOWN if told[name] != "*"] or ["minute"]
    fields = ", ".join(f"{name}='{told[name]}'" for name in shown)
    return f"cron[{fields}]"


def _is_of_no_month(text: str) -> bool:
    """Is nothing wrong with it but that the months which it names have no such day?"""
    parts = text.upper().split()
    of_any_month = " ".join([*parts[:3], "*", *parts[4:]])
    try:
        CronSim(of_any_month, datetime.now(UTC))
        CronSim(" ".join(["0", "0", "1", *parts[3:]]), datetime.now(UTC))
    except CronSimError:
        return False
    return True


def _words(refusal: str) -> str:
    """cronsim says “Bad day-of-month”, or counts the fields."""
    field = refusal.removeprefix("Bad ").replace("-", " ")
    return f"The {field} cannot be read. Use numbers, *, ranges like 1-5, lists like 1,15 and steps like */5."
