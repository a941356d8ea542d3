"""Undoing: put back what a job changed, part by part, where it is still as the job left it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import Job
from app.services import agreeing
from app.services.change import EMPTIED, Change, is_nothing
from app.services.engine.lease import read_apart
from app.services.operations import prepared
from app.services.reasons import Reason
from app.services.recipe import Decision, Recipe, Skip
from app.services.traces import Setting, Trace, by_trace
from app.zendesk.client import Client
from app.zendesk.resources import Ticket

UNDO = "undo"

_CLOSED = "the ticket is closed"
# Of several reasons to leave a ticket alone, the first of these is told.
_TOLD = (Reason.OVERWRITTEN, Reason.CLOSED, Reason.CANNOT_BE_UNDONE)


@prepared(UNDO, reversible="fully")
def prepare(_client: Client, arguments: dict[str, Any], pinned: dict[str, Any] | None) -> Recipe:
    """The recipe for {"job_id"} of the job to be undone. That job need not be there once the plan is made."""
    job_id = arguments["job_id"]
    return Recipe(
        decide=by_trace(job_id, undone),
        shared=tags_alone,
        pinned=_harms(job_id) if pinned is None else pinned,
    )


@read_apart
def _harms(job_id: str) -> dict[str, str]:
    """What harm this undo does, if it undoes another: that of what is done once more. And what an undo of this would.

    Kept with the plan, since the jobs before it may be deleted.
    """
    job = db.session.scalar(select(Job).where(Job.job_id == job_id))
    if job is None:
        return {}
    again = (job.pinned or {}).get(agreeing.HARM_AGAIN, "") if job.operation == UNDO else ""
    return {agreeing.HARM: again, agreeing.HARM_AGAIN: agreeing.lost_tags(job)}


def undone(trace: Trace, ticket: Ticket) -> Decision:
    """What puts back the parts of the ticket that are still as the job left them. Its note lists the others.

    A tag that the job added and that is gone, or a field that has its former value, is as it was before. The ticket's
    `updated_at` says nothing of it: triggers and other fields move that too.
    """
    reversal = _Reversal(trace, ticket)
    left = reversal.left
    note = f"Stays as it is: {', '.join(map(str, left))}." if left else None
    if not reversal.change.is_empty:
        return replace(reversal.change, note=note)
    reasons = {one.reason for one in left}
    return Skip(next((one for one in _TOLD if one in reasons), Reason.ALREADY_SO), note)


def tags_alone(change: Change) -> dict[str, Any] | None:
    """What all tickets with this change are sent, if it is of nothing but tags.

    It is exactly what each of them loses and gets back: a tag that one of them had before the job stays there.
    """
    if change != Change(add_tags=change.add_tags, remove_tags=change.remove_tags):
        return None
    tags = {"additional_tags": change.add_tags, "remove_tags": change.remove_tags}
    return {name: sorted(named) for name, named in tags.items() if named}


@dataclass(frozen=True)
class _Left:
    """A part of a ticket that stays as it is."""

    part: str
    reason: Reason
    why: str

    def __str__(self) -> str:
        return f"{self.part} ({self.why})"


@dataclass(frozen=True)
class _Reversal:
    """Of what a job did to one ticket."""

    trace: Trace
    ticket: Ticket

    @cached_property
    def change(self) -> Change:
        """What is put back."""
        values = {
            field: value
            for setting in self.trace.settings
            if setting.label not in self._staying
            for field, value in setting.before.items()
        }
        change = Change.making(
            self.ticket,
            tags=(self.ticket.tags | self._tags_to_add) - self._tags_to_remove,
            fields={field: value for field, value in values.items() if isinstance(field, str)},
            custom_fields={one: value for one, value in values.items() if isinstance(one, int)},
        )
        add, remove = ((), ()) if self._is_closed else self._followers
        return replace(change, add_followers=frozenset(add), remove_followers=frozenset(remove))

    @property
    def left(self) -> list[_Left]:
        """What is not put back, and would have to be."""
        return [*self._staying.values(), *self._left_tags(), *self._left_otherwise()]

    @cached_property
    def _staying(self) -> dict[str, _Left]:
        """The fields that are not put back, by what they are called."""
        told = ((one.label, self._obstacle(one)) for one in self.trace.settings)
        return {label: _Left(label, *obstacle) for label, obstacle in told if obstacle}

    def _obstacle(self, setting: Setting) -> tuple[Reason, str] | None:
        if setting.is_as_before(self.ticket):
            return None
        if self._is_closed:
            return Reason.CLOSED, _CLOSED
        if not setting.is_as_left(self.ticket):
            return Reason.OVERWRITTEN, "changed since"
        why = _never(setting)
        return (Reason.CANNOT_BE_UNDONE, why) if why else None

    @property
    def _is_closed(self) -> bool:
        """Of a closed ticket, Zendesk lets only the tags be changed."""
        return self.ticket.status == "closed"

    @cached_property
    def _bound(self) -> dict[str, _Left]:
        """Tags that stay, since they are options of a field that stays."""
        staying = (one for one in self.trace.settings if one.label in self._staying)
        return {tag: self._staying[one.label] for one in staying for tag in one.tags}

    @property
    def _tags_to_add(self) -> frozenset[str]:
        return self.trace.change.remove_tags - self.ticket.tags - self._bound.keys()

    @property
    def _tags_to_remove(self) -> frozenset[str]:
        return (self.trace.change.add_tags & self.ticket.tags) - self._bound.keys()

    def _left_tags(self) -> Iterator[_Left]:
        change, tags = self.trace.change, self.ticket.tags
        for tag in sorted((change.remove_tags - tags) | (change.add_tags & tags)):
            if field := self._bound.get(tag):
                yield _Left(f"tag {tag}", field.reason, f"goes with {field.part}")

    @property
    def _followers(self) -> tuple[frozenset[int], frozenset[int]]:
        """Those to be put back, and those to be taken away."""
        now, change = frozenset(self.ticket.follower_ids), self.trace.change
        return change.remove_followers - now, change.add_followers & now

    def _left_otherwise(self) -> Iterator[_Left]:
        if self._is_closed and any(self._followers):
            yield _Left("followers", Reason.CLOSED, _CLOSED)
        if self.trace.has_comment:
            yield _Left("comment", Reason.CANNOT_BE_UNDONE, "cannot be taken back")


def _never(setting: Setting) -> str | None:
    """Why Zendesk lets no ticket have the former value again."""
    if setting.before.get("status") == "new":
        return "no ticket becomes new again"
    was_empty = all(is_nothing(value) for value in setting.before.values())
    can_be_empty = all(isinstance(one, int) or one in EMPTIED for one in setting.before)
    return "cannot be emptied" if was_empty and not can_be_empty else None
