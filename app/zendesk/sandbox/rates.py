"""Counts requests in fixed windows, as Zendesk does, for the account and for endpoints."""

from dataclasses import dataclass

from .answers import Answer, Refusal, refusal, titled_refusal
from .clock import SECOND, Clock
from .settings import Settings

MINUTE = 60 * SECOND


@dataclass
class Window:
    """So many requests until `end` (virtual microseconds)."""

    end: int
    used: int = 0


class Rates:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings, self._clock = settings, clock
        self._account = Window(0)
        self._endpoints: dict[tuple[object, ...], Window] = {}
        self.refused = 0

    def take(self) -> None:
        """Count a request against the account's minute. Refused when that is used up.

        Answers 404 and 400 count as well. The refusal's body is plain text, not JSON.
        """
        window, limit = self._this_minute(), self.settings.minute_limit
        if window.used >= limit:
            words = "Number of allowed API requests per minute exceeded"
            raise self._refused(Refusal(Answer(words, 429)), window)
        window.used += 1

    def headers(self) -> dict[str, str]:
        """They are on every answer; seconds are real ones."""
        window, limit = self._this_minute(), self.settings.minute_limit
        left = str(max(0, limit - window.used))
        return {
            "x-rate-limit": str(limit),
            "x-rate-limit-remaining": left,
            "ratelimit-limit": str(limit),
            "ratelimit-remaining": left,
            "ratelimit-reset": str(self._seconds_left(window)),
        }

    def take_update(self, user_id: int, ticket_id: int) -> dict[str, str]:
        """Count one single-ticket update: by account, and by user and ticket."""
        account = self._take("tickets-update", (), self.settings.tickets_update_per_minute, MINUTE)
        window = self.settings.per_ticket_window * SECOND
        most = self.settings.per_ticket_updates
        return account | self._take("per-ticket-updates", (user_id, ticket_id), most, window)

    def take_view_count(self, user_id: int, view_id: int) -> dict[str, str]:
        most = self.settings.view_count_per_minute
        return self._take("views-count", (user_id, view_id), most, MINUTE)

    def take_view_execution(self, user_id: int, view_id: int) -> dict[str, str]:
        most = self.settings.view_execute_per_minute
        return self._take("views-execute", (user_id, view_id), most, MINUTE)

    def take_count_many(self) -> dict[str, str]:
        refused = titled_refusal(429, "TooManyRequests", "Too many requests to update")
        most = self.settings.count_many_per_minute
        return self._take("views-count-many", (), most, MINUTE, refused)

    def _take(
        self,
        name: str,
        key: tuple[object, ...],
        most: int | None,
        length: int,
        refused: Refusal | None = None,
    ) -> dict[str, str]:
        """Count against an endpoint's own window; the header that tells what is left."""
        if most is None:
            return {}
        window = self._current((name, *key), length)
        if window.used >= most:
            words = f"Number of allowed {name} API requests exceeded"
            raise self._refused(refused or refusal(429, "APIRateLimitExceeded", words), window)
        window.used += 1
        left, resets = most - window.used, self._seconds_left(window)
        header = f"total={most}; remaining={left}; resets={resets}"
        return {f"zendesk-ratelimit-{name}": header}

    def _this_minute(self) -> Window:
        now = self._clock.now()
        if self._account.end <= now:
            self._account = Window(now - now % MINUTE + MINUTE)
        return self._account

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
        self.refused += 1
        refused.answer.headers["Retry-After"] = str(self._seconds_left(window))
        return refused
