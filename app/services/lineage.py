"""Jobs that follow from another: retry what failed, finish what was not reached, run again, undo, verify.

Each makes its own plan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import Job, Outcome, User
from app.services import jobs
from app.services.jobs import Order
from app.services.reversibility import reversible
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


@dataclass(frozen=True)
class _Following:
    """`operation` is None for what does the same as the job; the others are about what that job did."""

    words: str
    refusal: str
    outcomes: tuple[Outcome, ...]
    selection: Callable[[Job, tuple[Outcome, ...]], dict[str, Any]]
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

    def number(self, job: Job) -> int:
        """How many tickets of the job it is about, as far as that is known."""
        return sum(job.counts[outcome] for outcome in self.outcomes)


def _tickets_of(job: Job, outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    return {"job_id": job.job_id, "outcomes": list(outcomes)}


def _same(job: Job, _outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    return job.selection


# An unknown ticket is planned from what it is now: what was done already is not done again.
_FOLLOWINGS = {
    Relation.RETRY: _Following(
        "Retry", "No ticket of this job failed.", (Outcome.FAILED, Outcome.UNKNOWN), _tickets_of
    ),
    Relation.FINISH: _Following(
        "The rest", "This job reached all its tickets.", (Outcome.NOT_REACHED,), _tickets_of
    ),
    Relation.RERUN: _Following("Again", "", tuple(Outcome), _same),
    Relation.UNDO: _Following(
        "Undo",
        "There is nothing to undo: this job changed no ticket, or what it did cannot be taken back.",
        (Outcome.CHANGED,),
        _tickets_of,
        UNDO,
        "Undo it on {tickets}",
    ),
    Relation.VERIFY: _Following(
        "Verify",
        "There is nothing to verify: this job changed no ticket.",
        (Outcome.CHANGED,),
        _tickets_of,
        VERIFY,
        "Verify {tickets}",
    ),
}
# They say what the job is; the others only which of its tickets it is about, and need be said but once.
_LASTING = frozenset({Relation.UNDO, Relation.VERIFY})


def offered(job: Job) -> dict[Relation, int]:
    """What may follow the job, and with how many of its tickets."""
    if not job.is_over:
        return {}
    numbers = {relation: following.number(job) for relation, following in _FOLLOWINGS.items()}
    if reversible(job) == "not":
        del numbers[Relation.UNDO]
    return {one: number for one, number in numbers.items() if number or one is Relation.RERUN}


def follow(job: Job, relation: Relation, user: User, address: str = "") -> Job:
    """A new job in this relation to the job, whose plan is made and shown first. Raises NothingToFollow. Commits."""
    following = _FOLLOWINGS[relation]
    if not job.is_over:
        raise NothingToFollow("The job is not over yet.")
    if relation not in offered(job):
        raise NothingToFollow(following.refusal)
    order = Order(
        tool_slug=job.tool_slug,
        selection=following.selection(job, following.outcomes),
        title=_title(job, relation),
        limit=job.limit,
        reason=job.reason,
        parent_id=job.id,
        relation=relation,
        **following.task(job),
    )
    return jobs.create(user, order, address)


def children(job: Job) -> list[Job]:
    """The jobs that followed from this one, oldest first."""
    return list(db.session.scalars(select(Job).where(Job.parent_id == job.id).order_by(Job.id)))


def _title(job: Job, relation: Relation) -> str:
    """The parent's title with the relation before it. One that only chose among tickets is not said twice."""
    title = job.title
    if relation not in _LASTING and job.relation in set(Relation) - _LASTING:
        title = title.removeprefix(f"{Relation(job.relation).words}: ")
    return f"{relation.words}: {title}"[:255]
