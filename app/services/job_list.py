"""Finding jobs and their tickets, a page at a time, by key."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, select

from app.extensions import db
from app.models import Job, JobStatus, JobTicket, Outcome, User

T = TypeVar("T")

JOBS_A_PAGE = 25
TICKETS_A_PAGE = 50


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A page of a list. The cursors are keys of the neighbouring pages; None where there is none."""

    items: list[T]
    next: int | None = None
    previous: int | None = None


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
    return _paged(jobs, Job.id, before, after, JOBS_A_PAGE, newest_first=True)


def tickets(
    job: Job, outcomes: list[Outcome], after: int | None = None, before: int | None = None
) -> Listed[JobTicket]:
    """Rows of the job's ledger in the order of its selection, with one of the outcomes (none given: any)."""
    rows = _of(job, outcomes)
    return _paged(rows, JobTicket.position, before, after, TICKETS_A_PAGE, newest_first=False)


def _of(job: Job, outcomes: list[Outcome]) -> Select[JobTicket]:
    rows = select(JobTicket).where(JobTicket.job_id == job.id)
    return rows.where(JobTicket.outcome.in_(outcomes)) if outcomes else rows


def _paged(
    rows: Select[T],
    key: Any,
    before: int | None,
    after: int | None,
    size: int,
    *,
    newest_first: bool,
) -> Listed[T]:
    """A page by key: as fast at the end of a long list as at its front."""
    if before is not None:
        rows = rows.where(key < before)
    if after is not None:
        rows = rows.where(key > after)
    # Walking against the list's order, the page's last rows are met first.
    backwards = (after is not None) if newest_first else (before is not None)
    ascending = newest_first == backwards
    found = list(
        db.session.scalars(rows.order_by(key if ascending else key.desc()).limit(size + 1))
    )
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return _listed(
        found, key.key, more, backwards, came_from=before is not None or after is not None
    )


def _listed(found: list[T], key: str, more: bool, backwards: bool, *, came_from: bool) -> Listed[T]:
    if not found:
        return Listed([])
    has_next = came_from if backwards else more
    has_previous = more if backwards else came_from
    return Listed(
        found,
        next=getattr(found[-1], key) if has_next else None,
        previous=getattr(found[0], key) if has_previous else None,
    )
