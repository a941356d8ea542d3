"""Jobs that follow from another: retry what failed, finish what was not reached, run again. Each makes its own plan."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import Job, JobStatus, Outcome, User
from app.services import jobs, selections
from app.services.jobs import Order


class NothingToFollow(Exception):
    """The job has nothing of the kind that was asked for. Its message says so."""


class Relation(StrEnum):
    RETRY = "retry"
    FINISH = "finish"
    RERUN = "rerun"

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
    """`outcomes`: those of the job's tickets that it takes up; None for the selection as it is today."""

    words: str
    of: str
    refusal: str
    outcomes: Callable[[Job], list[Outcome]] | None

    def selection(self, job: Job) -> dict[str, Any]:
        if self.outcomes is None:
            return job.selection
        return {"job_id": job.job_id, "outcomes": self.outcomes(job)}

    def number(self, job: Job) -> int:
        """How many tickets of the job it takes, counted as its plan will find them."""
        if self.outcomes is None:
            return job.total_items
        likely = any(job.counts[outcome] for outcome in self.outcomes(job))
        return selections.number_of(self.selection(job)) if likely else 0


def _failed(_job: Job) -> list[Outcome]:
    """An unknown ticket is planned from what it is now: what was done already is not done again."""
    return [Outcome.FAILED, Outcome.UNKNOWN]


def _not_reached(job: Job) -> list[Outcome]:
    """Of a job that failed, the rest of its plan too, if it had all of it."""
    has_rest = job.state is JobStatus.FAILED and job.plan_digest is not None
    return [Outcome.NOT_REACHED, Outcome.PLANNED] if has_rest else [Outcome.NOT_REACHED]


_FOLLOWINGS = {
    Relation.RETRY: _Following(
        "Retry", "Retry of", "This job has no failed ticket that can be tried again.", _failed
    ),
    Relation.FINISH: _Following(
        "The rest", "The rest of", "This job reached all its tickets.", _not_reached
    ),
    Relation.RERUN: _Following("Again", "Planned again from", "", None),
}


def offered(job: Job) -> dict[Relation, int]:
    """What may follow the job, and with how many of its tickets. A plan can only be made anew."""
    if job.state is JobStatus.PLANNED:
        return {Relation.RERUN: job.total_items}
    if not job.is_over:
        return {}
    numbers = {relation: following.number(job) for relation, following in _FOLLOWINGS.items()}
    return {one: number for one, number in numbers.items() if number or one is Relation.RERUN}


def follow(job: Job, relation: Relation, user: User, address: str = "") -> Job:
    """A new job in this relation to the job, whose plan is made and shown first. It replaces a plan not yet started.

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
    return Order(
        tool_slug=job.tool_slug,
        operation=job.operation,
        arguments=job.arguments,
        selection=_FOLLOWINGS[relation].selection(job),
        title=_title(job, relation),
        act_words=job.act_words,
        limit=job.limit,
        reason=job.reason,
        parent_id=job.id,
        relation=relation,
    )


def children(job: Job) -> list[Job]:
    """The jobs that followed from this one, oldest first."""
    return list(db.session.scalars(select(Job).where(Job.parent_id == job.id).order_by(Job.id)))


def _title(job: Job, relation: Relation) -> str:
    """The parent's title with the relation before it, and without the one that it had."""
    before = f"{Relation(job.relation).words}: " if job.relation in set(Relation) else ""
    return f"{relation.words}: {job.title.removeprefix(before)}"[:255]
