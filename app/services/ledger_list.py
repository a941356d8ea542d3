"""A job's tickets, a page at a time."""

from sqlalchemy import Select, select

from app.models import Job, JobTicket, Outcome
from app.services.paging import Listed, paged

TICKETS_A_PAGE = 50


def page(
    job: Job, outcomes: list[Outcome], after: int | None = None, before: int | None = None
) -> Listed[JobTicket]:
    """Rows of the job's ledger in the order of its selection, with one of the outcomes (none given: any)."""
    rows = _of(job, outcomes)
    return paged(rows, JobTicket.position, before, after, TICKETS_A_PAGE, newest_first=False)


def _of(job: Job, outcomes: list[Outcome]) -> Select[JobTicket]:
    rows = select(JobTicket).where(JobTicket.job_id == job.id)
    return rows.where(JobTicket.outcome.in_(outcomes)) if outcomes else rows
