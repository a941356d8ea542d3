"""Which of a job's tickets are wanted, and the statements that find them fast, however many the job has."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, union_all
from sqlalchemy.orm import aliased

from app.models import JobTicket, Outcome
from app.services.reasons import Reason


@dataclass(frozen=True)
class Filter:
    """Tickets that meet each of its parts, and of a part one value. An empty one wants all.

    `ticket_ids` is None for any; `like` is a ticket of the job, for those of which the same was said in detail.
    """

    outcomes: tuple[Outcome, ...] = ()
    reasons: tuple[Reason, ...] = ()
    ticket_ids: tuple[int, ...] | None = None
    like: int | None = None

    def __bool__(self) -> bool:
        return self != Filter()

    @property
    def pruned(self) -> tuple[Reason, ...]:
        """Its reasons without those that never come with one of its outcomes."""
        return tuple(
            one for one in self.reasons if not self.outcomes or one.outcome in self.outcomes
        )

    def rows(
        self, job_pk: int, most: int, *, after: int | None = None, before: int | None = None
    ) -> Select[JobTicket]:
        """The job's tickets, of which no more than the `most` nearest to a place in the ledger are looked at.

        Each branch walks an index in the ledger's order and ends after `most` rows. One statement with several
        outcomes or reasons would go through all of the job's tickets wherever few have them.
        """
        branches = self._branches(job_pk)
        if len(branches) == 1:
            return select(JobTicket).where(*branches[0])
        if not branches:
            return select(JobTicket).where(false())
        nearest = union_all(*(_nearest(branch, most, after, before) for branch in branches))
        return select(JobTicket).where(JobTicket.job_id == job_pk, JobTicket.position.in_(nearest))

    def numbers(self, job_pk: int, before: int | None = None) -> list[Select[int]]:
        """Statements whose results add up to the number of tickets: of all, or of those before a place."""
        until = [] if before is None else [JobTicket.position < before]
        return [
            select(func.count()).select_from(JobTicket).where(*branch, *until)
            for branch in self._branches(job_pk)
        ]

    def _branches(self, job_pk: int) -> list[list[ColumnElement[bool]]]:
        common = [JobTicket.job_id == job_pk, *self._others(job_pk)]
        if self.reasons:
            return [[*common, JobTicket.reason == reason] for reason in self.pruned]
        if self.outcomes:
            return [[*common, JobTicket.outcome == outcome] for outcome in self.outcomes]
        return [common]

    def _others(self, job_pk: int) -> list[ColumnElement[bool]]:
        other = aliased(JobTicket)
        of_job = other.job_id == job_pk
        found = []
        if self.ticket_ids is not None:
            places = select(other.position).where(of_job, other.ticket_id.in_(self.ticket_ids))
            found.append(JobTicket.position.in_(places))
        if self.like is not None:
            detail = select(other.detail).where(of_job, other.ticket_id == self.like)
            found.append(JobTicket.detail.is_not_distinct_from(detail.scalar_subquery()))
        return found


def _nearest(branch: list[Any], most: int, after: int | None, before: int | None) -> Any:
    place = JobTicket.position
    rows = select(place).where(*branch)
    if after is not None:
        rows = rows.where(place > after)
    if before is not None:
        rows = rows.where(place < before)
    nearest = rows.order_by(place.desc() if before is not None else place).limit(most).subquery()
    return select(nearest.c.position)
