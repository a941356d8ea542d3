"""What is noted of a job while it works: what it waited for, and how many tickets it dealt with when."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.database import now
from app.extensions import db, rows_changed
from app.models import Job, JobPace, JobWait
from app.services.notices import events
from app.services.waits import WaitReason

MOST_WAITS = 500  # of one job; later ones are not kept
# Waits for the same that follow each other so closely are one.
APART = timedelta(seconds=3)
# Nobody is at a job between two slices. That is worth a word only if it lasts.
UNNOTICED = timedelta(seconds=5)


def waits(job: Job, reason: WaitReason | None) -> None:
    """Note what the job waits for from now on, before the job itself says so; None: nothing.

    Costs nothing where that stays the same. Part of the caller's transaction.
    """
    if reason == job.wait_reason:
        return
    at, last = now(), _last(job.id)
    if last and last.ended_at is None:
        last.ended_at = at
    if reason is None:
        return
    if reason is WaitReason.SIGN_IN:
        events.note_wait_for_sign_in(job)
    if last and last.ended_at and last.reason == reason and at - last.ended_at <= APART:
        last.ended_at = None
    else:
        _begin(job.id, last, reason, at)


def goes_on(job: Job) -> None:
    """Note that it waits for nothing any more, and that its troubles are over."""
    waits(job, None)
    job.goes_on()


def left(job: Job) -> None:
    """Note that there is something to do from now on, and nobody at it. Part of the caller's transaction."""
    last = _last(job.id)
    if last is None or last.ended_at is not None:
        _begin(job.id, last, WaitReason.WORKER, now())


def taken(job_pk: int) -> None:
    """Note that somebody is at it again. Part of the caller's transaction."""
    last = _last(job_pk)
    if last is None or last.ended_at is not None or last.reason != WaitReason.WORKER:
        return
    at = now()
    if at - last.began_at < UNNOTICED:
        db.session.delete(last)
    else:
        last.ended_at = at


def dealt_with(job: Job, number: int) -> None:
    """Note that so many tickets were settled just now. Part of the caller's transaction."""
    if number <= 0 or job.started_at is None:
        return
    since = begin_of_span(int((now() - job.started_at).total_seconds()))
    here = update(JobPace).where(JobPace.job_id == job.id, JobPace.since == since)
    if not rows_changed(here.values(settled=JobPace.settled + number)):
        db.session.add(JobPace(job_id=job.id, since=since, settled=number))


def span(seconds: int) -> int:
    """How many seconds are counted together, so long after the start: the later, the more.

    So a job has 360 spans in its first hour, 540 in the nine after it, and six in each hour then.
    """
    return 10 if seconds < 3600 else 60 if seconds < 36_000 else 600


def begin_of_span(seconds: int) -> int:
    seconds = max(0, seconds)
    return seconds - seconds % span(seconds)


def _begin(job_pk: int, last: JobWait | None, reason: WaitReason, at: datetime) -> None:
    number = last.number + 1 if last else 0
    if number < MOST_WAITS:
        db.session.add(JobWait(job_id=job_pk, number=number, reason=reason, began_at=at))


def _last(job_pk: int) -> JobWait | None:
    newest = select(JobWait).where(JobWait.job_id == job_pk).order_by(JobWait.number.desc())
    return db.session.scalar(newest.limit(1))
