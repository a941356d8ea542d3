"""What jobs did to one ticket."""

from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.models import Job, JobTicket, User
from app.services import job_list
from app.services.paging import Listed, paged

JOBS_A_PAGE = 25


@dataclass(frozen=True)
class Touch:
    """A job that had the ticket, and the row of its ledger that tells what became of it."""

    job: Job
    row: JobTicket


def page(
    user: User, ticket_id: int, *, before: int | None = None, after: int | None = None
) -> Listed[Touch]:
    """The jobs that had the ticket and that the user may see, newest first; the cursors are keys of jobs."""
    rows = (
        select(JobTicket)
        .join(Job, Job.id == JobTicket.job_id)
        .where(JobTicket.ticket_id == ticket_id, job_list.is_visible_to(user))
    )
    listed = paged(
        rows, JobTicket.job_id, JOBS_A_PAGE, newest_first=True, before=before, after=after
    )
    found = db.session.scalars(select(Job).where(Job.id.in_([row.job_id for row in listed.items])))
    jobs = {job.id: job for job in found}
    touches = [Touch(jobs[row.job_id], row) for row in listed.items if row.job_id in jobs]
    return Listed(touches, listed.next, listed.previous)
