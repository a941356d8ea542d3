"""What jobs did to one ticket."""

from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.models import Job, JobTicket, User
from app.services import job_list
from app.services.paging import Listed, paged
from app.services.ticket_ids import parse_ids

JOBS_A_PAGE = 25


class NoTicket(ValueError):
    """What was typed means no ticket, or several. Its message is for whoever typed it."""


@dataclass(frozen=True)
class Touch:
    """A job that had the ticket, and the row of its ledger that tells what became of it."""

    job: Job
    row: JobTicket


def ticket_of(text: str) -> int:
    """The ticket that is meant by its number, as “#123”, or by its address in Zendesk. Raises NoTicket."""
    found = parse_ids(text)
    if found.bad or not found.ids:
        raise NoTicket(
            "Type the number of a ticket, like 12345, or paste its address from Zendesk."
        )
    if len(found.ids) > 1:
        raise NoTicket("Look up one ticket at a time.")
    return found.ids[0]


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
