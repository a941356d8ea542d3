"""The help desk: its tickets and views, and the one way in which an update reaches a ticket."""

from dataclasses import dataclass
from typing import Any

from .census import Census
from .changes import KNOWN, Effect, Refused, Rules, changed, difference, effect
from .clock import SECOND, Clock, from_iso
from .directory import Directory
from .finding import Finder
from .generation import DAY, FIRST_REQUESTER, Generator
from .index import Index
from .macro_library import library
from .macros import Macros
from .settings import Settings
from .storage import Storage
from .ticket import DELETED, Ticket, clean_tags
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
        self.settings, self.clock = settings, clock
        self.generator = Generator(settings, history_end)
        self.tickets = Tickets(self.generator, settings.tickets, storage)
        self.truth = Truth(storage)
        self.macros = Macros(library(), storage)
        self.views = Views(history_end)
        self.census = Census()
        self.triggers: tuple[Trigger, ...] = ()
        self.index = Index(clock)
        self.directory = Directory(settings.tickets)
        self.finder = Finder(settings, clock, self.tickets, self.index, self.directory)
        self._failures: dict[int, Failure] = {}
        self._seen = 0  # places of the chronicle in which archiving has looked
        self._take_in()

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
            may_tag = tags_when_closed and not self.is_archived(ticket)
            done = effect(ticket, change, may_tag, self._rules())
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
        ticket = blank_ticket(self.tickets.next_id(), now)._replace(**_stored(fields))
        self._place(None, ticket)
        return ticket

    def create(
        self, change: dict[str, Any], description: str, origin: Origin, asked: dict[str, Any]
    ) -> Ticket:
        """A new ticket as the API makes it: the change over an empty one. Raises Refused."""
        now = self.clock.stamp()
        blank = blank_ticket(self.tickets.next_id(), now)
        blank = blank._replace(status="new", priority=None, type=None, description=description)
        subject = str(change.get("subject") or description[:80])
        ticket = changed(blank, {**change, "subject": subject})
        self._place(None, ticket)
        self.truth.record(now, ticket.id, origin, asked, None)
        return ticket

    def delete(self, ticket_id: int) -> None:
        ticket, now = self._existing(ticket_id), self.clock.stamp()
        gone = ticket._replace(status=DELETED, own_status_id=None, updated_at=now)
        self.tickets.put(gone._replace(generated_at=now))
        self._moved(ticket, None)

    def is_archived(self, ticket: Ticket) -> bool:
        """Zendesk archives about 120 days after closing; the last change stands for that here."""
        oldest = self.clock.now() - self.settings.archive_days * DAY * SECOND
        return ticket.status == "closed" and ticket.updated_at < oldest

    def archive(self) -> None:
        """Take tickets that have been closed for long out of lists and views."""
        oldest = self.clock.now() - self.settings.archive_days * DAY * SECOND
        if oldest < self._oldest_made:
            return
        chronicle = self.tickets.chronicle
        while self._seen < len(chronicle) and chronicle[self._seen][0] < oldest:
            moment, ticket_id = chronicle[self._seen]
            ticket = self.tickets.get(ticket_id)
            if ticket and ticket.touched_at == moment and self.is_archived(ticket):
                self.tickets.unlist([ticket_id])
                self.views.move(ticket, None)
            self._seen += 1

    def fail(self, ticket_id: int, error: str, details: str, times: int | None) -> None:
        """Let updates of this ticket fail, so many times or always."""
        self._failures[ticket_id] = Failure(error, details, times)

    def add_view(self, title: str, condition: Condition) -> View:
        view = self.views.add(title, condition)
        for ticket in self.tickets:
            view.move(ticket.id, None, ticket)
        return view

    def _take_in(self) -> None:
        """Count every ticket, and put it where it belongs."""
        archived = []
        self._oldest_made = self.generator.oldest
        for ticket in self.tickets.replay():
            if ticket.status == DELETED:
                self.index.skip()
                continue
            self.index.move(None, ticket)
            self.census.move(None, ticket)
            if ticket.status == "closed" and self.is_archived(ticket):
                archived.append(ticket.id)
            else:
                self.views.move(None, ticket)
        self.tickets.unlist(archived)

    def _rules(self) -> Rules:
        return Rules(self.settings.assignee_to_solve, self.settings.resolution_to_solve)

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
            done.after = done.after._replace(updated_at=moment, generated_at=moment)
            self._place(ticket, done.after)
        else:
            # An update that changes nothing still brings the ticket into the next export.
            self.tickets.put(ticket._replace(generated_at=moment))
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
        self.census.move(before, after)
        self.index.move(before, after, self.settings.search_lag * SECOND)
        if after and self.is_archived(after):
            self.tickets.unlist([after.id])
            after = None
        self.views.move(before, after)


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
    if "follower_ids" in values:
        values["follower_ids"] = tuple(values["follower_ids"])
    for name in ("created_at", "updated_at"):
        if isinstance(values.get(name), str):
            values[name] = from_iso(values[name])
    return values


def blank_ticket(ticket_id: int, now: int) -> Ticket:
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
        generated_at=now,
    )
