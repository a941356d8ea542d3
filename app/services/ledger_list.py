"""A job's tickets, a page at a time."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.extensions import db
from app.models import Job, JobTicket
from app.services import export
from app.services.ledger_filter import Filter
from app.services.paging import Listed, paged
from app.services.reasons import Reason

TICKETS_A_PAGE = 50


@dataclass(frozen=True)
class LedgerPage:
    """`first` is the place of its first ticket among the `total` that the filter finds, from 1.

    `reasons` are those of the whole job, with how many tickets have each; `strangers` ids that were asked for and are
    no part of the job.
    """

    listed: Listed[JobTicket]
    first: int
    total: int
    reasons: dict[Reason, int]
    strangers: list[int]

    @property
    def last(self) -> int:
        return self.first + len(self.listed.items) - 1


def page(
    job: Job, wanted: Filter, *, after: int | None = None, before: int | None = None
) -> LedgerPage:
    """The wanted rows of the job's ledger, in the order of its selection."""
    reasons = reasons_of(job)
    listed = _listed(job, wanted, after, before)
    return LedgerPage(
        listed,
        first=_first(job, wanted, listed),
        total=_total(job, wanted, reasons),
        reasons=reasons,
        strangers=_strangers(job, wanted),
    )


def rows(job: Job, wanted: Filter, size: int, after: int | None = None) -> Listed[JobTicket]:
    """So many of the wanted rows after a place in the ledger, and no more than that, for programs."""
    found = wanted.rows(job.id, size + 1, after=after).options(export.only_what_is_shown())
    return paged(found, JobTicket.position, size, newest_first=False, before=None, after=after)


def reasons_of(job: Job) -> dict[Reason, int]:
    """How many tickets of the job have each reason, most first."""
    found = db.session.execute(
        select(JobTicket.reason, func.count())
        .where(JobTicket.job_id == job.id, JobTicket.reason.is_not(None))
        .group_by(JobTicket.reason)
    )
    known = set(Reason)  # another version of ours may have left others
    numbers = [(Reason(reason), number) for reason, number in found if reason in known]
    return dict(sorted(numbers, key=lambda counted: -counted[1]))


def _listed(job: Job, wanted: Filter, after: int | None, before: int | None) -> Listed[JobTicket]:
    rows = wanted.rows(job.id, TICKETS_A_PAGE + 1, after=after, before=before)
    return paged(
        rows, JobTicket.position, TICKETS_A_PAGE, newest_first=False, before=before, after=after
    )


def _first(job: Job, wanted: Filter, listed: Listed[JobTicket]) -> int:
    if listed.previous is None:
        return 1
    return 1 + _number(wanted, job, before=listed.items[0].position)


def _total(job: Job, wanted: Filter, reasons: dict[Reason, int]) -> int:
    """From the counts that are known, where they tell it."""
    if wanted.ticket_ids is not None or wanted.like is not None:
        return _number(wanted, job)
    if wanted.reasons:
        return sum(reasons.get(reason, 0) for reason in wanted.pruned)
    counts = job.counts
    return sum(counts[one] for one in wanted.outcomes) if wanted.outcomes else job.total_items


def _number(wanted: Filter, job: Job, before: int | None = None) -> int:
    return sum(db.session.scalar(one) or 0 for one in wanted.numbers(job.id, before))


def _strangers(job: Job, wanted: Filter) -> list[int]:
    if not wanted.ticket_ids:
        return []
    rows = select(JobTicket.ticket_id).where(JobTicket.job_id == job.id)
    known = set(db.session.scalars(rows.where(JobTicket.ticket_id.in_(wanted.ticket_ids))))
    return [one for one in wanted.ticket_ids if one not in known]
