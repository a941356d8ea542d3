"""Finding jobs, a page at a time, and how many there are in each state."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, func, select, true

from app.database import unindexed
from app.extensions import db
from app.models import Job, JobStatus, User
from app.services import job_order
from app.services.job_order import Place, Sort
from app.services.job_search import Search, of_id
from app.services.paging import Listed

JOBS_A_PAGE = 25


def visible_to(user: User) -> Select[Job]:
    """The jobs that the user may see: their own; for an admin, all."""
    return select(Job).where(is_visible_to(user))


def is_visible_to(user: User) -> ColumnElement[bool]:
    return true() if user.is_admin else Job.user_id == user.id


def may_see(user: User, job: Job) -> bool:
    """Is it among the jobs that the user may see?"""
    return user.is_admin or job.user_id == user.id


def page(
    user: User,
    search: Search | None = None,
    *,
    after: Place | None = None,
    before: Place | None = None,
    size: int = JOBS_A_PAGE,
) -> Listed[Job]:
    """The jobs that are looked for: those after a place, or just before one; from the start without."""
    search = search or Search()
    jobs = _among(user, search).where(*search.with_status())
    in_index = bool(search.text)
    return job_order.paged(jobs, search.sort, size, after=after, before=before, keys_first=in_index)


def counts(user: User, search: Search | None = None) -> dict[JobStatus, int]:
    """How many jobs there are in each status that has any, whatever status is looked for."""
    search = search or Search()
    # All jobs are counted along the index of their status; fewer, in one that has what they are chosen by.
    of_all = user.is_admin and not search.is_narrow
    status = Job.status if of_all else unindexed(Job.status)
    rows = (
        _among(user, search)
        .where(*search.conditions())
        .with_only_columns(status, func.count(), maintain_column_froms=True)
        .group_by(status)
    )
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    return {one: found[one] for one in JobStatus if one in found}


def _among(user: User, search: Search) -> Select[Job]:
    """The jobs that the user may see, for this search."""
    return select(Job) if user.is_admin else select(Job).where(search.owned_by(user.id))


def named(user: User, job_ids: list[str]) -> list[Job]:
    """Those of these jobs that the user may see, as they were named."""
    jobs = db.session.scalars(visible_to(user).where(Job.job_id.in_(job_ids)))
    return sorted(jobs, key=lambda job: job_ids.index(job.job_id))


def starting(user: User, start: str) -> list[Job]:
    """The jobs that the user may see and whose id begins so; of several, two."""
    return list(db.session.scalars(visible_to(user).where(Job.id.in_(of_id(start))).limit(2)))


def newest(
    user: User, states: frozenset[JobStatus], size: int, *, with_tickets: bool = False
) -> list[Job]:
    """The newest jobs in one of these states, of which there may be any number."""
    jobs = visible_to(user).where(unindexed(Job.status).in_(states))
    if with_tickets:
        jobs = jobs.where(unindexed(Job.total_items) > 0)
    return job_order.paged(jobs, Sort.NEWEST, size).items


def newest_of_few(
    user: User, states: frozenset[JobStatus], size: int, *, without: Iterable[Job] = ()
) -> list[Job]:
    """The same where few jobs are in these states at a time: they are all found by it, and no other is looked at.

    `without` are shown elsewhere.
    """
    jobs = visible_to(user).where(Job.status.in_(states))
    if elsewhere := [job.id for job in without]:
        jobs = jobs.where(Job.id.not_in(elsewhere))
    return list(db.session.scalars(jobs.order_by(Job.created_at.desc(), Job.id.desc()).limit(size)))
