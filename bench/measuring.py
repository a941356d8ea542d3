"""One job, from its order to its end, and what it cost meanwhile."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.database import now, writing
from app.extensions import db
from app.models import Job, JobStatus
from app.services import jobs
from app.tasks.launching import launch
from bench import processes, results, servers
from bench.floor import Terms
from bench.orders import Kind
from bench.runs import Run
from bench.stack import Stack, giga
from deploy import valkey

LOOK_SECONDS = 0.1
IDLE_SECONDS = 5.0


class WentWrong(Exception):
    """The job did something else than was to be measured. Its message says what."""


@dataclass(frozen=True)
class Costs:
    """Seconds of processor time, since the processes began."""

    ours: float
    sandbox: float
    broker: float

    @classmethod
    def now(cls, stack: Stack, sandbox: servers.Sandbox) -> "Costs":
        broker = valkey.process_id(stack.app.config["REDIS_URL"]) or 0
        return cls(
            processes.seconds(*stack.pids),
            processes.seconds(sandbox.process.pid),
            processes.seconds(broker),
        )


Meanwhile = Callable[[Stack, Job], AbstractContextManager[None]]


def nobody(_stack: Stack, _job: Job) -> AbstractContextManager[None]:
    return nullcontext()


def measure(
    kind: Kind, tickets: int, speed: float, database_url: str = "", meanwhile: Meanwhile = nobody
) -> Run:
    """Plan it as for a person who looks at the plan, and apply it at once. Raises WentWrong.

    `meanwhile`: what else goes on from just before the planning until the job is over.
    """
    with (
        servers.sandbox(speed, tickets, **kind.settings) as sandbox,
        giga(sandbox, speed, database_url) as stack,
        processes.Watch(stack.pids) as memory,
        stack.app.app_context(),
    ):
        order, idle = kind.order(sandbox, tickets), _idle(stack)
        job = jobs.create(stack.owner(), order)
        with meanwhile(stack, job):
            before, told_before = Costs.now(stack, sandbox), sandbox.summary()
            launched_at = now()
            launch(job.job_id)
            wait_for(stack, job, JobStatus.PLANNED)
            planning_calls = sandbox.summary()["requests"] - told_before["requests"]
            applied_at = apply(stack, job)
            wait_for(stack, job, JobStatus.COMPLETED)
            after, told = Costs.now(stack, sandbox), sandbox.summary()
        memory.look()
        check(job, tickets)
        return Run(
            kind=kind.name,
            tickets=tickets,
            speed=speed,
            terms=_terms(stack, sandbox),
            planning=_seconds(launched_at, job.planned_at),
            writing=_seconds(applied_at, job.completed_at),
            planning_calls=planning_calls,
            calls=_since(told_before, told),
            refused=told["answered_429"] - told_before["answered_429"],
            cpu=after.ours - before.ours,
            idle=idle,
            peak=memory.peak,
            largest=memory.largest,
            sandbox=after.sandbox - before.sandbox,
            broker=after.broker - before.broker,
            day=results.today(),
        )


def apply(stack: Stack, job: Job) -> datetime:
    """Set the plan in motion; when that was."""
    applied_at = now()
    with writing():
        jobs.apply(job, job.plan_digest or "", stack.owner(), agreed_to_part=True)
        launch(job.job_id)
    return applied_at


def wait_for(stack: Stack, job: Job, status: JobStatus) -> None:
    """Until the job has this status, and is as the database has it then. Raises WentWrong where it never will."""
    pk = job.id
    while (found := _status(pk)) != status:
        if JobStatus(found).rests:
            db.session.refresh(job)
            raise WentWrong(f"The job is {found}: {job.error or job.pause_detail or job.counts}")
        stack.look()
        time.sleep(LOOK_SECONDS)
    db.session.refresh(job)
    db.session.rollback()


def _status(pk: int) -> str:
    found = db.session.scalar(select(Job.status).where(Job.id == pk))
    db.session.rollback()
    return found or JobStatus.FAILED


def check(job: Job, tickets: int) -> None:
    """Raises WentWrong unless each ticket was changed."""
    if job.changed_count != tickets:
        raise WentWrong(f"Of {tickets} tickets not all were changed: {job.counts}")


def _idle(stack: Stack) -> float:
    """Processor seconds that web app, worker and beat take in a second with nothing to do."""
    before = processes.seconds(*stack.pids)
    time.sleep(IDLE_SECONDS)
    return (processes.seconds(*stack.pids) - before) / IDLE_SECONDS


def _terms(stack: Stack, sandbox: servers.Sandbox) -> Terms:
    config, settings = stack.app.config, sandbox.settings()
    return Terms(
        limit=settings.minute_limit,
        reserve=config["ZENDESK_RESERVE_PERCENT"] / 100,
        in_flight=config["ZENDESK_MAX_IN_FLIGHT"],
        job_rate=settings.job_rate,
        job_delay=settings.job_start_delay,
    )


def _since(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    """Calls by route, of Zendesk's API alone."""
    earlier, later = before["requests_by_route"], after["requests_by_route"]
    calls = {route: number - earlier.get(route, 0) for route, number in later.items()}
    return {route: number for route, number in calls.items() if number}


def _seconds(since: datetime, until: datetime | None) -> float:
    assert until is not None
    return (until - since).total_seconds()
