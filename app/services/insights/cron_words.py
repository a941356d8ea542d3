"""The text of cron as a person would say it, where it is one of the usual shapes."""

import re

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = {day[:3].upper(): str(number) for number, day in enumerate(_DAYS[:7])}
_NUMBER, _STEP = re.compile(r"\d{1,2}"), re.compile(r"\*/(\d{1,2})")
_RANGE = re.compile(r"([0-7])-([0-7])")


def in_words(text: str) -> str:
    """“every day at 02:00”. What is of no usual shape is told as it stands."""
    minute, hour, day, month, weekday = text.upper().split()
    which = _days(day, month, weekday)
    if which and _NUMBER.fullmatch(minute) and (times := _times(minute, hour)):
        return f"{which} at {times}"
    if which == "every day" and (often := _often(minute, hour)):
        return often
    return f"at the times of “{text}”"


def _days(day: str, month: str, weekday: str) -> str:
    if month != "*":
        return ""
    if day == weekday == "*":
        return "every day"
    if day == "*":
        names = _weekdays(weekday)
        return f"every {names}" if names else ""
    if weekday == "*" and _NUMBER.fullmatch(day):
        return f"on day {int(day)} of each month"
    return ""


def _weekdays(field: str) -> str:
    for name, number in _SHORT.items():
        field = field.replace(name, number)
    if found := _RANGE.fullmatch(field):
        first, last = (_DAYS[int(one)] for one in found.groups())
        return f"day from {first} to {last}"
    parts = field.split(",")
    return _listed([_DAYS[int(one)] for one in parts]) if all(map(_is_day, parts)) else ""


def _is_day(text: str) -> bool:
    return bool(re.fullmatch("[0-7]", text))


def _times(minute: str, hour: str) -> str:
    hours = hour.split(",")
    if not all(map(_NUMBER.fullmatch, hours)):
        return ""
    return _listed([f"{int(one):02}:{int(minute):02}" for one in hours])


def _often(minute: str, hour: str) -> str:
    step = _STEP.fullmatch(minute)
    if hour == "*" and (minute == "*" or step):
        return _every(int(step[1]) if step else 1, "minute")
    if not _NUMBER.fullmatch(minute):
        return ""
    step = _STEP.fullmatch(hour)
    if hour != "*" and not step:
        return ""
    where = "on the hour" if int(minute) == 0 else f"{int(minute)} min past it"
    return f"{_every(int(step[1]) if step else 1, 'hour')}, {where}"


def _every(number: int, what: str) -> str:
    return f"every {what}" if number == 1 else f"every {number} {what}s"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
