"""Jobs that follow from another: retry what failed, finish what was not reached, run again, undo, verify.

Each makes its own plan.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from app.extensions import db
from app.models import Job, JobStatus, JobTicket, Outcome, User
from app.services import jobs, operations, permissions, reversal
from app.services.jobs import Order
from app.services.ledger_filter import Filter
from app.services.selections import OfOutcome, never_again
from app.services.undoing import UNDO
from app.services.verifying import VERIFY

ALL = Filter()


class NothingToFollow(Exception):
    """The job has nothing of the kind that was asked for. Its message says so."""


class Relation(StrEnum):
    RETRY = "retry"
    FINISH = "finish"
    RERUN = "rerun"
    UNDO = "undo"
    VERIFY = "verify"

    @property
    def words(self) -> str:
        """How a job is called that stands in this relation to its parent."""
        return _FOLLOWINGS[self].words

    @property
    def of(self) -> str:
        """What stands before the parent's name."""
        return _FOLLOWINGS[self].of


@dataclass(frozen=True)
class _Following:
    """`outcomes`: those of the job's tickets that it takes up; None for the selection as it is today.

    `operation` is None for what does the same as the job; the others are about what that job did.
    """

    words: str
    of: str
    refusal: str
    outcomes: Callable[[Job], list[Outcome]] | None
    operation: str | None = None
    act_words: str = ""

    def task(self, job: Job) -> dict[str, Any]:
        """What is to be done to each ticket."""
        if self.operation is None:
            names = ("operation", "arguments", "act_words")
            return {name: getattr(job, name) for name in names}
        return {
            "operation": self.operation,
            "arguments": {"job_id": job.job_id},
            "act_words": self.act_words,
        }

    def selection(self, job: Job, part: Filter) -> dict[str, Any]:
        if self.outcomes is None:
            return job.selection
        outcomes = [one for one in self.outcomes(job) if not part.outcomes or one in part.outcomes]
        return {"job_id": job.job_id, "outcomes": outcomes, **_narrower(job, part)}

    def number(self, job: Job, part: Filter = ALL) -> int:
        """How many tickets of the job it takes, counted as its plan will find them."""
        if self.outcomes is None:
            return job.total_items
        outcomes = self.outcomes(job)
        number = sum(job.counts[outcome] for outcome in outcomes)
        if part and number:
            return OfOutcome(**self.selection(job, part)).number()
        return number - (never_again(job) if Outcome.UNKNOWN in outcomes else 0)


def relation_of(job: Job) -> Relation | None:
    """How the job follows from its parent. None where it does not, or as only another version of ours knows."""
    return Relation(job.relation) if job.relation in set(Relation) else None


def _narrower(job: Job, part: Filter) -> dict[str, Any]:
    """What the part is now, in terms that stay the same."""
    found: dict[str, Any] = {}
    if part.reasons:
        found["reasons"] = list(part.reasons)
    if part.ticket_ids is not None:
        found["ticket_ids"] = list(part.ticket_ids)
    if part.like is not None:
        rows = select(JobTicket.detail).where(JobTicket.job_id == job.id)
        found["details"] = list(db.session.scalars(rows.where(JobTicket.ticket_id == part.like)))
    return found


def _failed(_job: Job) -> list[Outcome]:
    """An unknown ticket is planned from what it is now: what was done already is not done again."""
    return [Outcome.FAILED, Outcome.UNKNOWN]


def _not_reached(job: Job) -> list[Outcome]:
    """Of a job that failed, the rest of its plan too, if it had all of it."""
    has_rest = job.state is JobStatus.FAILED and job.plan_digest is not None
    return [Outcome.NOT_REACHED, Outcome.PLANNED] if has_rest else [Outcome.NOT_REACHED]


def _changed(_job: Job) -> list[Outcome]:
    return [Outcome.CHANGED]


_FOLLOWINGS = {
    Relation.RETRY: _Following(
        "Retry", "Retry of", "This job has no failed ticket that can be tried again.", _failed
    ),
    Relation.FINISH: _Following(
        "The rest", "The rest of", "This job reached all its tickets.", _not_reached
    ),
    Relation.RERUN: _Following("Again", "Planned again from", "", None),
    Relation.UNDO: _Following(
        "Undo",
        "Undo of",
        "There is nothing to undo: this job changed no ticket, or what it did cannot be taken back.",
        _changed,
        UNDO,
        "Undo it on {tickets}",
    ),
    Relation.VERIFY: _Following(
        "Verify",
        "Verification of",
        "There is nothing to verify: this job changed no ticket.",
        _changed,
        VERIFY,
        "Verify {tickets}",
    ),
}
# They say what the job is; the others only which of its tickets it is about, and need be said but once.
_LASTING = frozenset({Relation.UNDO, Relation.VERIFY})


def offered(job: Job) -> dict[Relation, int]:
    """What may follow the job, and with how many of its tickets. A plan can only be made anew."""
    if job.state is JobStatus.PLANNED:
        return {Relation.RERUN: job.total_items}
    if not job.is_over:
        return {}
    numbers = {one: _FOLLOWINGS[one].number(job) for one in possible(job)}
    return {one: number for one, number in numbers.items() if number or one is Relation.RERUN}


def possible(job: Job) -> list[Relation]:
    """What may follow a job that is over, if it has tickets for it."""
    if not job.is_over:
        return []
    known = reversal.of(job)
    can_be_undone = known is not None and known.extent != "not"
    return [one for one in Relation if can_be_undone or one is not Relation.UNDO]


def permitted(job: Job, user: User) -> dict[Relation, int]:
    """Of what may follow the job, that which this person may have follow."""
    found, may_change = offered(job), permissions.may_do_again(user, job)
    return {one: found[one] for one in found if may_change or _changes_nothing(job, one)}


def _changes_nothing(job: Job, relation: Relation) -> bool:
    return operations.changes_nothing(_FOLLOWINGS[relation].operation or job.operation)


def follow(job: Job, relation: Relation, user: User, address: str = "", part: Filter = ALL) -> Job:
    """A new job in this relation to the job, whose plan is made and shown first. It replaces a plan not yet started.

    `part`: of the tickets that it would take, only these. If the user has one already that is not over, that one.

    Raises NothingToFollow, NotPermitted. Commits.
    """
    following = _FOLLOWINGS[relation]
    if not _changes_nothing(job, relation):
        permissions.check_job(user, job)
    if not job.is_over and job.state is not JobStatus.PLANNED:
        raise NothingToFollow("The job is not over yet.")
    if relation not in offered(job) or (part and not following.number(job, part)):
        raise NothingToFollow(following.refusal)
    child = jobs.create(user, _order(job, relation, user, part), address)
    if jobs.discard(job, user, address):
        db.session.commit()
    return child


def _order(job: Job, relation: Relation, user: User, part: Filter) -> Order:
    following = _FOLLOWINGS[relation]
    selection = following.selection(job, part)
    return Order(
        tool_slug=job.tool_slug,
        selection=selection,
        title=_title(job, relation, following.number(job, part) if part else None),
        # Of a job that was larger than the person may have one now, the first tickets.
        limit=min(job.limit, permissions.of(user, job.tool_slug).largest_job),
        reason=job.reason,
        parent_id=job.id,
        relation=relation,
        submission_key=key_of(job, relation, selection if part else None),
        **following.task(job),
    )


def key_of(job: Job, relation: Relation, selection: Any = None) -> str:
    """What the job that follows carries; `selection` where it takes up a part of the tickets.

    The same until the last job of the kind is over: one that is asked for twice is made once.
    """
    part = f" {json.dumps(selection, sort_keys=True)}" if selection else ""
    earlier = [one for one in children(job) if one.relation == relation and one.is_over]
    return str(uuid5(UUID(job.job_id), f"{relation} {earlier[-1].job_id if earlier else ''}{part}"))


def children(job: Job) -> list[Job]:
    """The jobs that followed from this one, oldest first."""
    return list(db.session.scalars(select(Job).where(Job.parent_id == job.id).order_by(Job.id)))


def _title(job: Job, relation: Relation, number: int | None) -> str:
    """The parent's title with the relation before it. One that only chose among tickets is not said twice."""
    title = job.title
    if relation not in _LASTING and job.relation in set(Relation) - _LASTING:
        title = re.sub(rf"^{Relation(job.relation).words}(?: of [\d,]+ tickets?)?: ", "", title)
    some = "" if number is None else f" of {number:,} ticket{'' if number == 1 else 's'}"
    return f"{relation.words}{some}: {title}"[:255]
