"""The help desk: its tickets and views, and the one way in which an update reaches a ticket."""

from dataclasses import dataclass
from typing import Any

from .census import Census
from .changes import KNOWN, Effect, Refused, changed, difference, effect
from .clock import Clock, from_iso
from .generation import FIRST_REQUESTER, Generator
from .settings import Settings
from .storage import Storage
from .ticket import Ticket, clean_tags
from .tickets import Tickets
from .triggers import Rule as Trigger
from .truth import OUTSIDE, TRIGGER, Origin, Truth
from .views import Condition, View, Views


class Missing(Exception):
    """No such ticket, or it was deleted."""


class Conflict(Exception):
    """The ticket is not as the caller last saw it."""


class Failed(Exception):
    """A failure that somebody asked for with `fail`."""

    def __init__(self, error: str, details: str) -> None:
        super().__init__(f"{error}: {details}")
        self.error, self.details = error, details


@dataclass
class Failure:
    error: str
    details: str
    times: int | None


class Desk:
    def __init__(self, settings: Settings, history_end: int, clock: Clock, storage: Storage):
        self.clock = clock
        self.tickets = Tickets(Generator(settings, history_end), settings.tickets, storage)
        self.truth = Truth(storage)
        self.views = Views(history_end)
        self.census = Census()
        self.triggers: tuple[Trigger, ...] = ()
        self._failures: dict[int, Failure] = {}
        for ticket in self.tickets:
            self.views.move(None, ticket)
            self.census.move(None, ticket)

    def deliver(
        self,
        ticket_id: int,
        change: dict[str, Any],
        origin: Origin,
        *,
        at: int | None = None,
        not_after: int | None = None,
        tags_when_closed: bool = False,
    ) -> tuple[Effect, int]:
        """Apply one update; the effect, and its place in the truth log.

        Raises Missing, Conflict, Refused or Failed, and logs the delivery in each case.
        `not_after`: it is a Conflict if the ticket changed after this moment.
        """
        moment = self.clock.stamp(at)
        try:
            self._fail_if_asked(ticket_id)
            ticket = self._existing(ticket_id)
            _check_stamp(ticket, change, not_after)
            done = effect(ticket, change, tags_when_closed)
        except (Missing, Conflict, Refused, Failed) as error:
            words = f"{type(error).__name__}: {error}"
            self.truth.record(moment, ticket_id, origin, change, None, words)
            raise
        return done, self._settle(ticket, done, moment, origin, change)

    def edit(self, ticket_id: int, change: dict[str, Any], at: int | None = None) -> Ticket:
        """An edit by somebody else, who may do everything.

        Raises Missing, Refused, or ValueError for what no update may name.
        """
        unknown = change.keys() - KNOWN
        if unknown:
            raise ValueError(f"An update has no {', '.join(sorted(unknown))}.")
        ticket = self._existing(ticket_id)
        done = difference(ticket, changed(ticket, change))
        self._settle(ticket, done, self.clock.stamp(at), Origin(OUTSIDE), change)
        return done.after

    def add(self, fields: dict[str, Any]) -> Ticket:
        """A new ticket with these fields. ValueError for a field that no ticket has."""
        unknown = fields.keys() - set(Ticket._fields) - {"id"}
        if unknown:
            raise ValueError(f"A ticket has no {', '.join(sorted(unknown))}.")
        now = self.clock.stamp()
        ticket = _blank(self.tickets.next_id(), now)._replace(**_stored(fields))
        self._place(None, ticket)
        return ticket

    def delete(self, ticket_id: int) -> None:
        ticket = self._existing(ticket_id)
        self.tickets.delete(ticket_id)
        self._moved(ticket, None)

    def fail(self, ticket_id: int, error: str, details: str, times: int | None) -> None:
        """Let updates of this ticket fail, so many times or always."""
        self._failures[ticket_id] = Failure(error, details, times)

    def add_view(self, title: str, condition: Condition) -> View:
        view = self.views.add(title, condition)
        for ticket in self.tickets:
            view.move(ticket.id, None, ticket)
        return view

    def _existing(self, ticket_id: int) -> Ticket:
        ticket = self.tickets.get(ticket_id)
        if ticket is None:
            raise Missing(f"no ticket {ticket_id}")
        return ticket

    def _fail_if_asked(self, ticket_id: int) -> None:
        failure = self._failures.get(ticket_id)
        if failure is None or failure.times == 0:
            return
        if failure.times is not None:
            failure.times -= 1
        raise Failed(failure.error, failure.details)

    def _settle(
        self, ticket: Ticket, done: Effect, moment: int, origin: Origin, change: dict[str, Any]
    ) -> int:
        # Zendesk moves updated_at only when the update makes a ticket event.
        if done:
            done.after = done.after._replace(updated_at=moment)
            self._place(ticket, done.after)
        cursor = self.truth.record(moment, ticket.id, origin, change, done)
        if origin.via != TRIGGER:
            self._set_off(done, moment)
        return cursor

    def _set_off(self, done: Effect, moment: int) -> None:
        """Let the triggers that the update fires change the ticket right after it."""
        for trigger in [trigger for trigger in self.triggers if trigger.fires(done)]:
            reaction = difference(done.after, changed(done.after, trigger.change))
            at, origin = self.clock.stamp(moment), Origin(TRIGGER)
            self._settle(done.after, reaction, at, origin, trigger.change)
            done.after = reaction.after

    def _place(self, before: Ticket | None, after: Ticket) -> None:
        self.tickets.put(after)
        self._moved(before, after)

    def _moved(self, before: Ticket | None, after: Ticket | None) -> None:
        self.views.move(before, after)
        self.census.move(before, after)


def _check_stamp(ticket: Ticket, change: dict[str, Any], not_after: int | None) -> None:
    """safe_update with any value, even false, turns the check of updated_stamp on."""
    if "safe_update" in change and "updated_stamp" in change:
        if _moment(change["updated_stamp"]) != ticket.updated_at:
            raise Conflict("outdated stamp")
    elif not_after is not None and ticket.updated_at > not_after:
        raise Conflict("changed after the Zendesk job was queued")


def _moment(stamp: Any) -> int | None:
    try:
        return from_iso(str(stamp))
    except ValueError:
        return None


def _stored(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as a ticket keeps them, from how people write them."""
    values = {name: value for name, value in fields.items() if name != "id"}
    if "tags" in values:
        values["tags"] = clean_tags(values["tags"])
    if "custom_fields" in values:
        pairs = tuple((int(item["id"]), item.get("value")) for item in values["custom_fields"])
        values["custom_fields"] = pairs
    for name in ("created_at", "updated_at"):
        if isinstance(values.get(name), str):
            values[name] = from_iso(values[name])
    return values


def _blank(ticket_id: int, now: int) -> Ticket:
    return Ticket(
        id=ticket_id,
        subject=f"Ticket {ticket_id}",
        description="Hello,\n\nplease help.",
        status="open",
        priority="normal",
        type="question",
        group_id=None,
        assignee_id=None,
        requester_id=FIRST_REQUESTER,
        organization_id=None,
        tags=(),
        custom_fields=(),
        channel="api",
        created_at=now,
        updated_at=now,
    )
