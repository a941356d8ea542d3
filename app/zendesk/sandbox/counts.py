"""Counts as Zendesk gives them: perhaps not yet known, perhaps out of a cache."""

from dataclasses import dataclass, field

from .clock import SECOND, Clock
from .settings import Settings
from .views import View


@dataclass
class Counts:
    settings: Settings
    clock: Clock
    _asked: dict[int, int] = field(default_factory=dict)
    _known: dict[int, tuple[int, int]] = field(default_factory=dict)

    def read(self, view: View) -> tuple[int | None, bool]:
        """The number of tickets and whether it is fresh. None is not zero: it is not known yet."""
        now = self.clock.now()
        if now - self._asked.setdefault(view.id, now) < self._delay():
            return None, False
        at, value = self._known.get(view.id, (0, 0))
        if view.id not in self._known or now - at >= self._staleness():
            self._known[view.id] = now, len(view.ids)
            return len(view.ids), True
        return value, False

    def _delay(self) -> float:
        return self.settings.view_count_delay * SECOND

    def _staleness(self) -> float:
        return self.settings.view_count_staleness * SECOND


@dataclass
class TicketCount:
    """The number of all tickets: always fresh in a small account, a day old in a large one."""

    settings: Settings
    clock: Clock
    _refreshing_since: int | None = None
    _known: tuple[int, int] | None = None

    def read(self, tickets: int) -> tuple[int, int | None]:
        """The number to show of so many tickets, and when it was counted.

        While a large account is counted, the number is capped and the moment None.
        """
        now, most = self.clock.now(), self.settings.ticket_count_fresh_to
        if tickets <= most:
            self._refreshing_since = self._known = None
            return tickets, now
        if self._known and now - self._known[1] < self.settings.ticket_count_lifetime * SECOND:
            return self._known
        if self._refreshing_since is None:
            self._refreshing_since = now
        if now - self._refreshing_since < self.settings.ticket_count_delay * SECOND:
            return most, None
        self._refreshing_since, self._known = None, (tickets, now)
        return self._known
