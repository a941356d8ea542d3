"""The sandbox's virtual clock, which may run faster than the real one and never backwards."""

import math
import time
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Virtual time in whole microseconds since 1970."""

    def __init__(self, start: int, speed: float) -> None:
        self._start, self._speed = start, speed
        self._started = time.monotonic()
        self._last_stamp = start

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._start, self._started = self.now(), time.monotonic()
        self._speed = speed

    def now(self) -> int:
        elapsed = time.monotonic() - self._started
        return self._start + int(elapsed * self._speed * SECOND)

    def stamp(self, moment: int | None = None) -> int:
        """A stamp that no earlier one equals, so that compare-and-set works at any speed."""
        wanted = self.now() if moment is None else moment
        self._last_stamp = max(wanted, self._last_stamp + 1)
        return self._last_stamp

    def latest(self) -> int:
        """Now, or the newest stamp where stamps were asked for faster than time went by."""
        return max(self.now(), self._last_stamp)

    def real_seconds(self, virtual: int) -> int:
        """Real seconds, rounded up and at least 1, that so many virtual microseconds last."""
        return max(1, math.ceil(virtual / SECOND / self._speed))


def to_iso(moment: int) -> str:
    """As Zendesk writes times, with a fraction only where there is one."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> int:
    """Microseconds since 1970. ValueError for what is not an ISO 8601 time."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return (when - _EPOCH) // timedelta(microseconds=1)
