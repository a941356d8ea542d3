"""Slices: what one task, or one request, does for a job before it gives way."""

import time
from contextlib import suppress
from functools import cached_property

from sqlalchemy import or_, select

from app import metrics
from app.database import now
from app.extensions import db
from app.logs import bound_contextvars, get_logger
from app.logs.trouble import message
from app.models import ACTIVE, Job, JobStatus
from app.services import audit, connection, operations, selections, writing_stop
from app.services.connection import NotConnected
from app.services.engine import filled_in, flight, planning, running, settling
from app.services.engine.lease import Lease, LeaseLost, fenced, release
from app.services.engine.pace import Pace
from app.services.engine.planning import PlanDoubtful
from app.services.engine.status import over, transition
from app.services.operations import UnknownOperation
from app.services.recipe import PlanOutdated, Recipe
from app.services.selections import Selection, SelectionGone
from app.services.waits import Wait, WaitReason
from app.zendesk.client import Client
from app.zendesk.errors import (
    Answered,
    Forbidden,
    NotFound,
    NotNow,
    RateLimited,
    SignInNeeded,
    SignInRefused,
    TooManyJobs,
    WritingStopped,
    WrongAddress,
    ZendeskError,
)
from app.zendesk.rate_limit import Why

log = get_logger(__name__)

LONGEST_WAIT_SECONDS = 60.0
STAYS_DONE = "What is done stays done; nothing more was changed."
# Setbacks in a row, some four minutes in all, before an answer that makes no sense is believed.
PATIENT_FOR = 7
# Faults of ours before a job is given up, if it got on with nothing between them: a quarter of an hour in all.
MOST_FAULTS = 20
# What the budget says, where it is not that our part of a minute is used up.
WHY: dict[str, WaitReason] = {
    Why.ASKED: WaitReason.RATE_LIMIT,
    Why.TROUBLE: WaitReason.ZENDESK,
    Why.ENDPOINT: WaitReason.ENDPOINT,
    Why.LEARNING: WaitReason.LEARNING,
    Why.JOBS: WaitReason.IN_FLIGHT,
    Why.REDIS: WaitReason.REDIS,
}


def advance(job_id: str, pace: Pace) -> float | None:
    """Do a piece of the job, if it has something to do and nobody else is at it.

    Gives the seconds after which to go on; None if there is nothing to do until somebody asks.
    """
    with bound_contextvars(job_id=job_id):
        return _advance(job_id, pace)


def _advance(job_id: str, pace: Pace) -> float | None:
    db.session.commit()
    lease = Lease.take(job_id)
    if lease is None:
        return None
    began = time.monotonic()
    try:
        with lease.kept():
            wait = _work(lease, pace)
        seconds = release(lease, wait)
        _note_slice(lease, wait, time.monotonic() - began)
        return seconds
    except LeaseLost:
        log.info("the job was taken over by another worker")
        return None
    except Exception:
        # A fault of ours. Whoever called is told; the job is tried again, but not for ever.
        with suppress(LeaseLost):
            release(lease, _after_a_fault(lease))
        raise


def _note_slice(lease: Lease, wait: Wait, took: float) -> None:
    log.info("slice done", duration=round(took, 3), waits=wait.reason)
    metrics.SLICE_SECONDS.labels(lease.tool).observe(took)
    if wait.reason and wait.seconds:
        metrics.JOB_WAITS.labels(wait.reason).inc(wait.seconds)


class _Means:
    """What one slice works with: a client and the job's recipe, each made when it is first needed."""

    def __init__(self, lease: Lease):
        self.lease = lease
        self.client: Client | None = None
        self.recipe: Recipe | None = None

    def client_for(self, job: Job) -> Client:
        self.client = self.client or connection.client(job.job_id, self.lease.may_send)
        return self.client

    def recipe_for(self, job: Job) -> Recipe:
        if self.recipe is None:
            prepare = operations.named(job.operation).prepare
            self.recipe = prepare(self.client_for(job), job.arguments, job.pinned)
        return self.recipe

    @cached_property
    def selection(self) -> Selection:
        return selections.of(self.lease.selection())

    def leave(self) -> None:
        if self.client is not None:
            self.client.leave()


def _work(lease: Lease, pace: Pace) -> Wait:
    """Step by step, until the job waits, is over, or the slice is."""
    means = _Means(lease)
    try:
        return _steps(lease, pace, means)
    except (SelectionGone, PlanDoubtful) as error:
        return _fail(lease, str(error))
    except UnknownOperation as error:
        return _settle_what_is_out(lease, means, pace) or _fail(lease, str(error))
    except PlanOutdated as error:
        filled_in.forget(lease)
        words = f"{error} {STAYS_DONE} {error.advice}"
        return _settle_what_is_out(lease, means, pace) or _fail(lease, words)
    except NotConnected as error:
        return _trouble(lease, WaitReason.SIGN_IN, error)
    except ZendeskError as error:
        wait = _after(lease, error) or _settle_what_is_out(lease, means, pace)
        return wait or _fail(lease, _last_words(error))
    finally:
        means.leave()


def _steps(lease: Lease, pace: Pace, means: _Means) -> Wait:
    while pace.may_go_on() and not lease.is_lost:
        job = lease.job()
        lease.seen = job.status
        if job.status not in ACTIVE:
            return Wait.none()
        if _step_without_zendesk(lease, job):
            continue
        if wait := _stopped(lease, job):
            return wait
        if not pace.suits(job):
            return Wait.at_once()
        if job.faults >= MOST_FAULTS:
            return _give_up(lease, means, pace)
        if wait := _step(lease, job, means, pace):
            return wait
    return Wait.at_once()


def _step_without_zendesk(lease: Lease, job: Job) -> bool:
    """A job that begins, or that is to stop with nothing in flight, needs no Zendesk."""
    if job.state is JobStatus.PENDING:
        _begin(lease)
        return True
    stopping = job.state in {JobStatus.CANCELLING, JobStatus.PAUSING}
    return stopping and running.finish(lease)


@fenced
def _begin(_lease: Lease, job: Job) -> None:
    if job.plan_digest is None:
        transition(job.id, JobStatus.PLANNING)
    else:
        since = now()
        transition(
            job.id, JobStatus.RUNNING, started_at=job.started_at or since, running_since=since
        )


def _stopped(lease: Lease, job: Job) -> Wait | None:
    """While all writing is stopped, a job that could do nothing else asks Zendesk nothing. It may still plan, or settle
    what is out.
    """
    if job.state is not JobStatus.RUNNING or writing_stop.may_write():
        return None
    return None if any(flight.batches(lease)) else running.until_lifted(job)


def _step(lease: Lease, job: Job, means: _Means, pace: Pace) -> Wait | None:
    client, recipe = means.client_for(job), means.recipe_for(job)
    if job.state is JobStatus.PLANNING:
        planning.plan_page(lease, job, client, recipe, means.selection)
        return None
    return running.run(lease, client, recipe, pace)


def _after(lease: Lease, error: ZendeskError) -> Wait | None:
    """How long to wait after a call that failed. None if waiting cannot help."""
    if isinstance(error, WritingStopped):
        return running.until_lifted(lease.job())
    if isinstance(error, NotNow):
        reason = WHY.get(error.why, WaitReason.BUDGET)
        return Wait(error.seconds, reason, lease.job().setbacks)
    if isinstance(error, RateLimited):
        full = isinstance(error, TooManyJobs)
        reason = WaitReason.TOO_MANY_JOBS if full else WaitReason.RATE_LIMIT
        return Wait(error.retry_after, reason)
    if isinstance(error, SignInRefused | SignInNeeded):
        return _trouble(lease, WaitReason.SIGN_IN, error)
    if error.can_retry or (_may_pass(error) and lease.job().setbacks < PATIENT_FOR):
        return _trouble(lease, WaitReason.ZENDESK, error)
    return None


def _may_pass(error: ZendeskError) -> bool:
    """May it be no answer of Zendesk's API at all, but a page of maintenance, or of something in between?"""
    is_nameless = isinstance(error, Forbidden) and not error.name
    return is_nameless or isinstance(error, WrongAddress | NotFound)


def _last_words(error: ZendeskError) -> str:
    """Why the job cannot go on."""
    request_id = error.request_id if isinstance(error, Answered) else ""
    named = f" (request {request_id})" if request_id else ""
    return f"{str(error).rstrip('.')}{named}. {STAYS_DONE}"


def _settle_what_is_out(lease: Lease, means: _Means, pace: Pace) -> Wait | None:
    """Before a job fails: settle what Zendesk has already. The wait before there is more of that; None at the end."""
    if not any(flight.batches(lease)):
        return None
    try:
        return running.drain(lease, means.client_for(lease.job()), means.recipe, pace)
    except NotConnected as error:
        return _trouble(lease, WaitReason.SIGN_IN, error)
    except ZendeskError as error:
        return _after(lease, error)


def _after_a_fault(lease: Lease) -> Wait:
    _note_faults(lease, lease.job().faults + 1)
    return _trouble(lease, WaitReason.INTERNAL, None)


@fenced
def _note_faults(_lease: Lease, job: Job, number: int) -> None:
    """How many there are by now, and not one more: a transaction may run twice."""
    job.faults = number


def _give_up(lease: Lease, means: _Means, pace: Pace) -> Wait:
    """Let a job fail that meets a fault of ours each time: what it would do next is not tried once more."""
    with suppress(Exception):  # with the recipe, more can be told of what is in flight
        means.recipe_for(lease.job())
    try:
        wait = _settle_what_is_out(lease, means, pace)
    except Exception:
        log.exception("what is in flight cannot be settled")
        wait = None
    words = (
        f"Something went wrong on our side {MOST_FAULTS} times in a row. {STAYS_DONE} "
        "An admin finds the cause in the worker's log. Resume tries again."
    )
    return wait or _fail(lease, words)


def _trouble(lease: Lease, reason: WaitReason, error: Exception | None) -> Wait:
    """Wait for what may pass by itself, or by an admin's doing; longer each time."""
    log.warning("the job waits", reason=str(reason), error=error and message(error))
    setbacks = lease.job().setbacks + 1
    return Wait(min(2.0**setbacks, LONGEST_WAIT_SECONDS), reason, setbacks)


def _fail(lease: Lease, error: str) -> Wait:
    _write_failure(lease, error)
    return Wait.none()


@fenced
def _write_failure(_lease: Lease, job: Job, error: str) -> None:
    """End the job, as failed or, where that was asked for, as cancelled. It holds no ticket any more."""
    settling.give_up_in_flight(job)
    if over(job, JobStatus.FAILED, error=error):
        # The lines after the first may quote tickets, and the audit log outlives the job.
        audit.record(None, "job.fail", job.job_id, error=error.partition("\n")[0])
    else:
        settling.drop_the_rest(job)
        over(job, JobStatus.CANCELLED, error=error)


def due() -> list[str]:
    """The jobs that have something to do, that nobody is at, and whose time to be woken has come."""
    jobs = (
        select(Job.job_id)
        .where(Job.status.in_(ACTIVE), ~Job.is_held)
        .where(or_(Job.wake_at.is_(None), Job.wake_at <= now()))
        .order_by(Job.id)
    )
    return list(db.session.scalars(jobs))
