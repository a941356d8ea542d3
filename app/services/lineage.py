"""Jobs that follow from another: retry what failed, finish what was not reached, run again, undo, verify.

Each makes its own plan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from app.extensions import db
from app.models import Job, JobStatus, Outcome, User
from app.services import jobs, reversal
from app.services.jobs import Order
from app.services.selections import OfOutcome
from app.services.undoing import UNDO
from app.services.verifying import VERIFY


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

    def selection(self, job: Job) -> dict[str, Any]:
        if self.outcomes is None:
            return job.selection
        return {"job_id": job.job_id, "outcomes": self.outcomes(job)}

    def number(self, job: Job) -> int:
        """How many tickets of the job it takes, counted as its plan will find them."""
        if self.outcomes is None:
            return job.total_items
        likely = any(job.counts[outcome] for outcome in self.outcomes(job))
        return OfOutcome(**self.selection(job)).number() if likely else 0


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
    numbers = {relation: following.number(job) for relation, following in _FOLLOWINGS.items()}
    if (known := reversal.of(job)) is None or known.extent == "not":
        del numbers[Relation.UNDO]
    return {one: number for one, number in numbers.items() if number or one is Relation.RERUN}


def follow(job: Job, relation: Relation, user: User, address: str = "") -> Job:
    """A new job in this relation to the job, whose plan is made and shown first. It replaces a plan not yet started.

    If the user has one already that is not over, that one.

    Raises NothingToFollow. Commits.
    """
    following = _FOLLOWINGS[relation]
    if not job.is_over and job.state is not JobStatus.PLANNED:
        raise NothingToFollow("The job is not over yet.")
    if relation not in offered(job):
        raise NothingToFollow(following.refusal)
    child = jobs.create(user, _order(job, relation), address)
    if jobs.discard(job, user, address):
        db.session.commit()
    return child


def _order(job: Job, relation: Relation) -> Order:
    following = _FOLLOWINGS[relation]
    return Order(
        tool_slug=job.tool_slug,
        selection=following.selection(job),
        title=_title(job, relation),
        limit=job.limit,
        reason=job.reason,
        parent_id=job.id,
        relation=relation,
        submission_key=_submission_key(job, relation),
        **following.task(job),
    )


def _submission_key(job: Job, relation: Relation) -> str:
    """The same until the last job of the kind is over: one that is asked for twice is made once."""
    earlier = [one for one in children(job) if one.relation == relation and one.is_over]
    return str(uuid5(UUID(job.job_id), f"{relation} {earlier[-1].job_id if earlier else ''}"))


def children(job: Job) -> list[Job]:
    """The jobs that followed from this one, oldest first."""
    return list(db.session.scalars(select(Job).where(Job.parent_id == job.id).order_by(Job.id)))


def _title(job: Job, relation: Relation) -> str:
    """The parent's title with the relation before it. One that only chose among tickets is not said twice."""
    title = job.title
    if relation not in _LASTING and job.relation in set(Relation) - _LASTING:
        title = title.removeprefix(f"{Relation(job.relation).words}: ")
    return f"{relation.words}: {title}"[:255]
