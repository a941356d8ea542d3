"""The fake Zendesk as one WSGI callable, and what a test in the same process may ask of it."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .answers import (
    Answer,
    Refusal,
    forbidden,
    no_such_route,
    not_authenticated,
    refusal,
    warn,
)
from .asking import Request
from .beginning import history_end_of
from .clock import SECOND, Clock, to_iso
from .counts import Counts, TicketCount
from .creating import Creations
from .desk import Desk
from .executions import Executions
from .faults import Cut, Faults, Struck
from .jobs import Jobs
from .limits import JOB_CALLS, starred
from .macros import Macro
from .parameters import unknown
from .people import Doorkeeper
from .rates import Rates
from .routes import ALL
from .routing import Found, Router
from .settings import FIXED, Settings
from .storage import Storage
from .tally import Tally
from .triggers import parsed as parsed_triggers
from .troubles import Troubles
from .views import Condition

_ROUTER = Router(ALL)
_BASE_URL = "https://sandbox.zendesk.com"
_WITHOUT_CREDENTIALS = frozenset({"/api/v2/users/me"})


class Sandbox:
    """A help desk with Zendesk's API. Thread-safe: one request is answered at a time.

    `path` names the SQLite file in which tickets, truth log, tokens and Zendesk jobs outlive a
    restart; without one they are kept in memory. The virtual clock stands still in between.
    """

    def __init__(self, settings: Settings | None = None, path: str | None = None) -> None:
        self.settings = settings or Settings()
        self.tally = Tally()
        self._lock = threading.RLock()
        self._closed = False
        self._storage = Storage(path)
        history_end = history_end_of(self._storage, self.settings)
        self.clock = Clock(self._storage.fact("clock") or history_end, self.settings.speed)
        self._clock_mark = 0
        self.desk = Desk(self.settings, history_end, self.clock, self._storage)
        self.desk.triggers = parsed_triggers(self.settings.triggers)
        self.faults = Faults(self.settings)
        troubles = Troubles(self.faults, self._storage)
        self.creations = Creations(self.settings, self.clock)
        self.jobs = Jobs(self.settings, self.desk, self._storage, troubles)
        self.rates = Rates(self.settings, self.clock)
        self.doorkeeper = Doorkeeper(self.settings, self.clock, self._storage)
        self.counts = Counts(self.settings, self.clock)
        self.ticket_count = TicketCount(self.settings, self.clock)
        self.executions = Executions(self.settings, self.clock)
        self._mark_clock()
        self._storage.commit()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request. Raises Cut where a fault breaks the connection."""
        request = Request(environ)
        with self._lock:
            answer = self._answer(request)
            self._mark_clock()
            self._storage.commit()
        if answer.delay:
            # Outside the lock, so that nobody else waits for a slow answer.
            time.sleep(answer.delay)
        if answer.cut:
            raise Cut
        headers = answer.headers | {
            "Content-Length": str(len(answer.body)),
            "X-Request-Id": os.urandom(16).hex(),
        }
        start_response(answer.status_line, list(headers.items()))
        return [answer.body]

    @property
    def requests(self) -> Counter[str]:
        """How many requests each route had."""
        return self.tally.requests

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        """The ticket as Zendesk writes it. KeyError if there is none."""
        with self._lock:
            self._advance()
            ticket = self.desk.tickets.get(ticket_id)
            if ticket is None:
                raise KeyError(ticket_id)
            return ticket.to_json(_BASE_URL)

    def tags_of(self, ticket_id: int) -> set[str]:
        return set(self.ticket(ticket_id)["tags"])

    def add_ticket(self, **fields: Any) -> int:
        """A new ticket with these fields; its id."""
        with self._lock:
            self._advance()
            ticket = self.desk.add(fields)
            self._storage.commit()
            return ticket.id

    def set_ticket(self, ticket_id: int, /, **fields: Any) -> None:
        """An edit by somebody else: fields as in an update. Nothing is refused for a closed one."""
        with self._lock:
            self._advance()
            self.desk.edit(ticket_id, fields)
            self._storage.commit()

    def delete_ticket(self, ticket_id: int) -> None:
        with self._lock:
            self._advance()
            self.desk.delete(ticket_id)
            self._storage.commit()

    def fail_ticket(
        self,
        ticket_id: int,
        /,
        error: str = "TicketUpdateFailed",
        details: str = "Something went wrong",
        times: int | None = None,
    ) -> None:
        """Let updates of this ticket fail, the next so many `times` or always."""
        with self._lock:
            self.desk.fail(ticket_id, error, details, times)

    def add_view(self, title: str, condition: Condition) -> int:
        """A view of the tickets for which the condition holds; its id.

        The condition is given a ticket with attributes: `lambda ticket: "vip" in ticket.tags`.
        """
        with self._lock:
            return self.desk.add_view(title, condition).id

    def use(self, requests: int) -> int:
        """Let somebody else make so many requests in this minute; how many were accepted."""
        with self._lock:
            return self.rates.use(requests)

    def add_macro(self, title: str, actions: Iterable[tuple[str, Any]], **more: Any) -> int:
        """A macro of these fields and values in their order; its id.

        `more` are further fields of a `Macro`: active, group_ids, owner_id, attachments.
        """
        with self._lock:
            macro = Macro(self.desk.macros.next_id(), title, tuple(actions), **more)
            self.desk.macros.put(macro)
            self._storage.commit()
            return macro.id

    def set_macro(self, macro_id: int, /, **fields: Any) -> None:
        """Change a macro, as an agent edits it. KeyError if there is none."""
        with self._lock:
            macro = self.desk.macros.get(macro_id)
            if macro is None:
                raise KeyError(macro_id)
            if "actions" in fields:
                fields["actions"] = tuple((name, value) for name, value in fields["actions"])
            changed_at = to_iso(self.clock.stamp())
            self.desk.macros.put(replace(macro, **{"updated_at": changed_at, **fields}))
            self._storage.commit()

    def problem_of(self, ticket_id: int) -> str:
        """What a generated ticket is really about, to check a guess: `kettle-firmware`, ...

        KeyError for a ticket that was not generated.
        """
        if not 1 <= ticket_id <= self.settings.tickets:
            raise KeyError(ticket_id)
        return self.desk.generator.problem(ticket_id).key

    def truth(self, ticket_id: int | None = None) -> list[dict[str, Any]]:
        """The truth log in order, of all tickets or of one."""
        with self._lock:
            self._advance()
            return self.desk.truth.entries(ticket_id)

    def change_settings(self, **changes: Any) -> None:
        """Change limits while it runs. ValueError for what is fixed, unknown or of a wrong type."""
        fixed = FIXED & changes.keys()
        if fixed:
            raise ValueError(f"{', '.join(sorted(fixed))} cannot change once the sandbox is made.")
        with self._lock:
            self._advance()
            self.settings = self.settings.overridden(changes)
            self.clock.speed = self.settings.speed
            self.desk.triggers = parsed_triggers(self.settings.triggers)
            for part in self._parts():
                part.settings = self.settings

    def _parts(self) -> Iterable[Any]:
        """All that goes by the settings."""
        yield from (self.desk, self.desk.finder, self.creations, self.jobs, self.rates)
        yield from (self.doorkeeper, self.counts, self.ticket_count, self.executions, self.faults)

    def summary(self, tag: str | None = None) -> dict[str, Any]:
        """Counts for checks; `open` means every ticket that is neither closed nor deleted."""
        with self._lock:
            self._advance()
            census = self.desk.census
            content = {
                "tickets": census.tickets,
                "open": census.tickets - census.closed,
                "closed": census.closed,
                "by_status": dict(census.by_status),
                "deliveries": self.desk.truth.deliveries(),
                **self.tally.to_json(),
                "most_in_a_minute": {
                    "arrived": self.rates.most_arrived,
                    "accepted": self.rates.most_accepted,
                },
                "others": {
                    "accepted": self.rates.others_accepted,
                    "refused": self.rates.others_refused,
                },
                "faults": dict(self.faults.counts),
                "zendesk_jobs": {"live": self.jobs.live, "most_at_once": self.jobs.most_at_once},
                "clock": to_iso(self.clock.now()),
            }
            if tag is not None:
                content |= self._tag_summary(tag)
            return content

    def close(self) -> None:
        """Put everything down. The sandbox cannot be used afterwards; closing twice is fine."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._storage.set_fact("clock", self.clock.latest())
            self._storage.close()

    def _tag_summary(self, tag: str) -> dict[str, Any]:
        return {
            "with_tag": self.desk.census.with_tag(tag),
            "open_with_tag": self.desk.census.open_with_tag(tag),
            "effective_events": self.desk.truth.events_adding(tag),
        }

    def _answer(self, request: Request) -> Answer:
        self._advance()
        if request.path.startswith("/_sandbox/"):
            return self._control(request)
        found = _ROUTER.find(request.method, request.path)
        route = found[0] if found else request.path
        self.tally.asked(request, f"{request.method} {route}" if found else "unknown route")
        struck = self.faults.struck(request.method, route, request.path)
        answer = self._refusing(request, found, route, struck)
        full = struck.says_full and answer.status == 429
        answer.headers |= self.rates.headers(full)
        struck.afterwards(answer)
        self.tally.answered(request, answer)
        return answer

    def _refusing(
        self, request: Request, found: Found | None, route: str, struck: Struck
    ) -> Answer:
        try:
            if self.settings.down:
                return self._down()
            struck.at_the_door()
            if struck.revokes:
                self.doorkeeper.revoke(request.authorization)
            self._let_in(request, route)
            struck.instead()
            if found is None:
                raise no_such_route()
            return self._work(request, found)
        except Refusal as refused:
            return refused.answer

    def _work(self, request: Request, found: Found) -> Answer:
        """Let the route's function answer, and tell what is left of the limits that it has."""
        route, handler, arguments = found
        name = starred(request.method, route)
        headers = self.rates.take_endpoint(name, request, next(iter(arguments.values()), None))
        try:
            answer = handler(self, request, **arguments)
        except Refusal as refused:
            answer = refused.answer
        if name in JOB_CALLS:
            most = self.settings.max_jobs
            headers |= self.rates.spelled("inflight-jobs", most, most - self.jobs.live, 60)
        answer.headers |= headers
        if route.startswith("/api/"):
            warn(answer, unknown(name, request))
        return answer

    def _let_in(self, request: Request, route: str) -> None:
        """Count the request, and see who asks."""
        if route.startswith("/oauth/"):
            return
        request.person = self.doorkeeper.identify(request.authorization, request.method, route)
        if request.person is None and route not in _WITHOUT_CREDENTIALS:
            raise not_authenticated()
        self.rates.take()

    def _down(self) -> Answer:
        wait = self.settings.down_retry_after
        headers = {} if wait is None else {"Retry-After": str(wait)}
        return Answer("Service Unavailable", 503, headers)

    def _control(self, request: Request) -> Answer:
        found = _ROUTER.find(request.method, request.path)
        try:
            if not request.is_local:
                raise forbidden("Only this machine may ask the sandbox about itself.")
            # A web page of anybody's may send plain text here from a browser on this machine, unasked.
            if request.is_of_another_site:
                raise forbidden("A page of another site may not ask the sandbox about itself.")
            if request.body and not request.is_json:
                raise refusal(415, "UnsupportedMediaType", "The body must be application/json.")
            if found is None:
                raise no_such_route()
            return found[1](self, request, **found[2])
        except Refusal as refused:
            return refused.answer

    def _advance(self) -> None:
        self.jobs.advance(self.clock.now())
        self.desk.archive()

    def _mark_clock(self) -> None:
        """Keep a time slightly ahead, so that after a sudden end the clock cannot go back."""
        now = self.clock.latest()
        if now >= self._clock_mark:
            self._clock_mark = now + int(self.clock.speed * SECOND)
            self._storage.set_fact("clock", self._clock_mark)
