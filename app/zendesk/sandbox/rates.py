"""Counts requests in fixed windows, as Zendesk does, for the account and for endpoints."""

from dataclasses import dataclass

from .answers import Answer, Refusal
from .asking import Request
from .clock import SECOND, Clock
from .limits import LIMITS, Limit
from .settings import Settings

MINUTE = 60 * SECOND


@dataclass
class Window:
    """So many requests until `end` (virtual microseconds)."""

    end: int
    used: int = 0


@dataclass
class Minute(Window):
    """The account's window: how many requests came at all, and how many others have asked for."""

    arrived: int = 0
    others: int = 0


class Rates:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings, self._clock = settings, clock
        self._account = Minute(0)
        self._endpoints: dict[tuple[object, ...], Window] = {}
        # The most that a virtual minute has seen, for checks.
        self.most_arrived = self.most_accepted = 0
        self.others_accepted = self.others_refused = 0

    def take(self) -> None:
        """Count a request against the account's minute. Refused when that is used up.

        Answers 404 and 400 count as well. The refusal's body is plain text, not JSON.
        """
        window, limit = self._this_minute(), self.settings.minute_limit
        window.arrived += 1
        self.most_arrived = max(self.most_arrived, window.arrived)
        if window.used >= limit:
            words = "Number of allowed API requests per minute exceeded"
            raise self._refused(Refusal(Answer(words, 429)), window)
        window.used += 1
        self.most_accepted = max(self.most_accepted, window.used)

    def use(self, requests: int) -> int:
        """Count requests of somebody else in the account's minute; how many were accepted."""
        return self._use(self._this_minute(), requests)

    def headers(self, full: bool = False) -> dict[str, str]:
        """They are on every answer; seconds are real ones. `full`: as if nothing were left."""
        window, limit = self._this_minute(), self.settings.minute_limit
        left = "0" if full else str(max(0, limit - window.used))
        old = self.settings.old_header_names
        name = "rate-limit" if old else "ratelimit"
        return {
            "x-rate-limit": str(limit),
            "x-rate-limit-remaining": left,
            name if old else f"{name}-limit": str(limit),
            f"{name}-remaining": left,
            f"{name}-reset": str(self._seconds_left(window)),
        }

    def take_endpoint(self, route: str, request: Request, record: object) -> dict[str, str]:
        """Count against the limits of this route; the headers that tell what is left of each.

        Refused where one of them is used up, and then nothing is counted.
        """
        taken = [
            (limit, most, self._window(limit, request, record))
            for limit in LIMITS.get(route, ())
            if (most := self.settings.limit(limit.setting)) is not None and limit.counts(request)
        ]
        for limit, most, window in taken:
            if window.used >= most:
                refused = self._refused(limit.refusal(), window)
                refused.answer.headers |= self._left(taken)
                raise refused
        for _, _, window in taken:
            window.used += 1
        return self._left(taken)

    def spelled(self, name: str, total: int, remaining: int, resets: int) -> dict[str, str]:
        """The header of one endpoint's limit."""
        prefix = "zendesk-rate-limit" if self.settings.old_header_names else "zendesk-ratelimit"
        words = f"total={total}; remaining={max(0, remaining)}; resets={resets}"
        return {f"{prefix}-{name}": words}

    def _left(self, taken: list[tuple[Limit, int, Window]]) -> dict[str, str]:
        headers = {}
        for limit, most, window in taken:
            resets = self._seconds_left(window)
            headers |= self.spelled(limit.name, most, most - window.used, resets)
        return headers

    def _window(self, limit: Limit, request: Request, record: object) -> Window:
        length = limit.seconds
        seconds: int = getattr(self.settings, length) if isinstance(length, str) else length
        return self._current(limit.key(request, record), seconds * SECOND)

    def _this_minute(self) -> Minute:
        now = self._clock.now()
        if self._account.end <= now:
            self._account = Minute(now - now % MINUTE + MINUTE)
        if self.settings.others_per_minute:
            self._let_others_in(self._account, now)
        return self._account

    def _let_others_in(self, window: Minute, now: int) -> None:
        """Somebody else's requests come evenly; those due by now are counted."""
        due = self.settings.others_per_minute * (now - window.end + MINUTE) // MINUTE
        if due > window.others:
            self._use(window, due - window.others)
            window.others = due

    def _use(self, window: Minute, requests: int) -> int:
        accepted = min(requests, max(0, self.settings.minute_limit - window.used))
        window.used += accepted
        window.arrived += requests
        self.others_accepted += accepted
        self.others_refused += requests - accepted
        self.most_arrived = max(self.most_arrived, window.arrived)
        self.most_accepted = max(self.most_accepted, window.used)
        return accepted

    def _current(self, key: tuple[object, ...], length: int) -> Window:
        now = self._clock.now()
        if len(self._endpoints) > 50_000:
            self._endpoints = {k: w for k, w in self._endpoints.items() if w.end > now}
        window = self._endpoints.get(key)
        if window is None or window.end <= now:
            window = self._endpoints[key] = Window(now - now % length + length)
        return window

    def _seconds_left(self, window: Window) -> int:
        return self._clock.real_seconds(window.end - self._clock.now())

    def _refused(self, refused: Refusal, window: Window) -> Refusal:
        refused.answer.headers["Retry-After"] = str(self._seconds_left(window))
        return refused
