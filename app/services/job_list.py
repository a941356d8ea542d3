"""Finding jobs, a page at a time."""

from sqlalchemy import Select, select

from app.models import Job, JobStatus, User
from app.services.paging import Listed, paged

JOBS_A_PAGE = 25


def visible_to(user: User) -> Select[Job]:
    """The jobs that the user may see: their own; for an admin, all."""
    jobs = select(Job)
    return jobs if user.is_admin else jobs.where(Job.user_id == user.id)


def may_see(user: User, job: Job) -> bool:
    """Is it among the jobs that the user may see?"""
    return user.is_admin or job.user_id == user.id


def page(
    user: User,
    status: JobStatus | None = None,
    tool: str | None = None,
    before: int | None = None,
    after: int | None = None,
) -> Listed[Job]:
    """Jobs, newest first: those older than the one with key `before`, or just newer than `after`."""
    jobs = visible_to(user)
    if status:
        jobs = jobs.where(Job.status == status)
    if tool:
        jobs = jobs.where(Job.tool_slug == tool)
    return paged(jobs, Job.id, before, after, JOBS_A_PAGE, newest_first=True)
