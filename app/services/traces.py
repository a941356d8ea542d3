"""Traces: what a job made of its tickets, part by part, and how much of it is still so."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.extensions import db
from app.models import JobTicket, Outcome
from app.services.change import Change, same
from app.services.engine.lease import read_apart
from app.services.recipe import Decision
from app.services.selections import OfOutcome
from app.zendesk.resources import Ticket

# The one brings the other along, so they stand and fall together.
_STATUS = ("status", "custom_status_id")
_LABELS = {
    "group_id": "group",
    "assignee_id": "assignee",
    "ticket_form_id": "form",
    "brand_id": "brand",
}


@dataclass(frozen=True)
class Setting:
    """Fields that a job set together, by name, or by id if they are custom, as they were and as it left them."""

    label: str
    before: dict[str | int, Any]
    after: dict[str | int, Any]

    def is_as_left(self, ticket: Ticket) -> bool:
        return _has(ticket, self.after)

    def is_as_before(self, ticket: Ticket) -> bool:
        return _has(ticket, self.before)

    @property
    def tags(self) -> frozenset[str]:
        """Those that come and go with a custom field: an option that is chosen is a tag of the ticket as well."""
        custom = (field for field in self.after if isinstance(field, int))
        values = [one[field] for field in custom for one in (self.before, self.after)]
        options = (value if isinstance(value, list) else [value] for value in values)
        return frozenset(str(option) for chosen in options for option in chosen)


@dataclass(frozen=True)
class Trace:
    """What one ticket was and became, as the job's ledger has it."""

    before: dict[str, Any]
    after: dict[str, Any]

    @cached_property
    def change(self) -> Change:
        return Change.from_ledger(self.before, self.after)

    @property
    def has_comment(self) -> bool:
        return "comment" in self.after

    @property
    def is_only_comment(self) -> bool:
        return self.has_comment and self.change.is_empty

    @cached_property
    def settings(self) -> list[Setting]:
        return [*self._plain_settings(), *self._custom_settings()]

    def _plain_settings(self) -> Iterator[Setting]:
        fields = self.change.fields
        status = [name for name in _STATUS if name in fields]
        others = [[name] for name in fields if name not in _STATUS]
        for names in [status, *others] if status else others:
            before: dict[str | int, Any] = {name: self.before.get(name) for name in names}
            label = _LABELS.get(names[0], names[0]) if names != status else "status"
            yield Setting(label, before, {name: fields[name] for name in names})

    def _custom_settings(self) -> Iterator[Setting]:
        former = self.before.get("custom_fields", {})
        for field, value in self.change.custom_fields.items():
            yield Setting(f"custom field {field}", {field: former.get(str(field))}, {field: value})

    def moved(self, ticket: Ticket) -> list[str]:
        """The parts that are not as the job left them any more. Of a comment, a ticket tells nothing."""
        return [
            *(one.label for one in self.settings if not one.is_as_left(ticket)),
            *(f"tag {tag}" for tag in sorted(self._moved_tags(ticket))),
            *(["followers"] if self._has_other_followers(ticket) else []),
        ]

    def _moved_tags(self, ticket: Ticket) -> frozenset[str]:
        return (self.change.add_tags - ticket.tags) | (self.change.remove_tags & ticket.tags)

    def _has_other_followers(self, ticket: Ticket) -> bool:
        now, change = frozenset(ticket.follower_ids), self.change
        return not (change.add_followers <= now and now.isdisjoint(change.remove_followers))


def _has(ticket: Ticket, values: dict[str | int, Any]) -> bool:
    return all(same(_value(ticket, field), value) for field, value in values.items())


def _value(ticket: Ticket, field: str | int) -> Any:
    return ticket.custom_fields.get(field) if isinstance(field, int) else getattr(ticket, field)


def by_trace(
    job_id: str, decide: Callable[[Trace, Ticket], Decision]
) -> Callable[[Sequence[Ticket]], Iterable[tuple[Ticket, Decision]]]:
    """Decide on tickets by what the job left on each of them; with one query for all that are asked about at once."""

    def decide_all(tickets: Sequence[Ticket]) -> Iterator[tuple[Ticket, Decision]]:
        traces = _traces(job_id, [ticket.id for ticket in tickets])
        return ((ticket, decide(traces[ticket.id], ticket)) for ticket in tickets)

    return decide_all


@read_apart
def _traces(job_id: str, ticket_ids: list[int]) -> dict[int, Trace]:
    """By ticket. Raises SelectionGone."""
    changed = OfOutcome(job_id, [Outcome.CHANGED])
    rows = changed.ledger(JobTicket.ticket_id, JobTicket.before, JobTicket.after)
    found = db.session.execute(rows.where(JobTicket.ticket_id.in_(ticket_ids)))
    return {row.ticket_id: Trace(row.before, row.after) for row in found}
