"""Watching a job: how far it is, what it waits for, and what became of it."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, NamedTuple

import click
from flask import Flask, current_app

from app.access import me
from app.cli.jobs import terminal
from app.cli.jobs.group import Exit, command, refuse, say, tell
from app.cli.jobs.naming import named
from app.extensions import db
from app.logs import get_logger
from app.models import Job, JobStatus, PauseReason
from app.services import approving, job_list, job_report, presence
from app.services.waits import WaitReason
from app.tasks.launching import start
from app.web import duration

log = get_logger(__name__)

LOOK_SECONDS = 0.5
LINE_SECONDS = 5.0  # where lines are not written over

WHY_PAUSED = {
    PauseReason.CANARY: "Its first tickets are done. Look at them, then: flask jobs resume",
    PauseReason.BREAKER: "Too many of its tickets failed.",
    PauseReason.RESTORED: "The database was restored from a backup meanwhile.",
}


class Look(NamedTuple):
    """What was seen of a job at one moment: nothing of the database is held between two of them."""

    status: JobStatus
    line: str
    waits_for: WaitReason | None


@command("watch")
@click.argument("job")
def watch_job(job: str) -> Exit:
    """Show how far JOB is until it is over, or waits for a person. Ctrl-C stops watching, and not the job."""
    job_id = named(job).job_id
    watch(job_id)
    return ended(job_id)


def ended(job_id: str) -> Exit:
    """Tell what became of the job, and give the code for that."""
    job = found(job_id)
    for line in outcome(job):
        say(line)
    tell(job)
    return code_of(job)


def code_of(job: Job) -> Exit:
    if not job.is_over:
        return Exit.WAITS if job.state.rests else Exit.WELL
    if job.state is not JobStatus.COMPLETED:
        return Exit.FAILED
    return Exit.PARTLY if job.failed_count or job.unknown_count else Exit.WELL


def outcome(job: Job) -> Iterator[str]:
    names = {"planned": "to change", "not_reached": "not reached"}
    counts = ", ".join(
        f"{number:,} {names.get(name, name)}" for name, number in job.counts.items() if number
    )
    yield f"{job.status.capitalize()}: {counts or 'no tickets'}."
    if job.error:
        yield job.error
    if job.state is JobStatus.PAUSED and job.pause_reason in WHY_PAUSED:
        words = WHY_PAUSED[PauseReason(job.pause_reason)]
        yield f"{words} {job.pause_detail or ''}".strip()
    if job.state is JobStatus.PLANNED and (record := approving.of(job)) and record.is_waiting:
        yield "It waits for another admin's approval."


def found(job_id: str) -> Job:
    """The job as it is now, by its whole id."""
    db.session.rollback()
    job = db.session.scalar(job_list.visible_to(me()).where(Job.job_id == job_id))
    if job is None:
        raise refuse(f"The job {job_id} was deleted.")
    return job


def set_off(job_id: str) -> None:
    """Let the job take its next step, here if it is small and in a worker otherwise, and watch it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    pool = ThreadPoolExecutor(1, "slice")
    try:
        slice_here = pool.submit(_in_app, app, job_id)
        watch(job_id, slice_here)
    finally:
        pool.shutdown(wait=False)


def _in_app(app: Flask, job_id: str) -> None:
    """A fault of ours is in the log, and in the job, which is tried again: whoever watches is told by that."""
    with app.app_context():
        try:
            start(job_id)
        except Exception:
            log.exception("a slice on the command line went wrong", job_id=job_id)


def watch(job_id: str, slice_here: "Future[Any] | None" = None) -> None:
    """Until only a person moves the job on. `slice_here`: a piece of it that is done by this process."""
    line, told, last = terminal.Line(), None, 0.0
    with _can_be_left(job_id, line, slice_here):
        while True:
            is_here = slice_here is not None and not slice_here.done()
            look = _look(job_id)
            if look.status.rests and not is_here:
                break
            waits_for = None if is_here and look.waits_for is WaitReason.WORKER else look.waits_for
            if waits_for and waits_for is not told:
                line.end()
                click.echo(waits_for.sentence, err=True)
            told = waits_for
            if line.is_live or time.monotonic() - last >= LINE_SECONDS:
                line.show(look.line)
                last = time.monotonic()
            _rest(slice_here if is_here else None)
    line.end()


def _rest(slice_here: "Future[Any] | None") -> None:
    if slice_here is None:
        time.sleep(LOOK_SECONDS)
    else:
        wait([slice_here], timeout=LOOK_SECONDS)


@contextmanager
def _can_be_left(job_id: str, line: terminal.Line, slice_here: Any) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        line.end()
        if slice_here is not None and not slice_here.done():
            click.echo("What this process has begun of it is brought to its end first.", err=True)
        words = f"You no longer watch the job. It goes on: flask jobs watch {job_id[:8]}"
        click.echo(words, err=True)
        raise click.exceptions.Exit(Exit.STOPPED) from None


def _look(job_id: str) -> Look:
    job = found(job_id)
    reason, _ = job_report.waiting(job, presence.look())
    look = Look(job.state, _line(job), reason)
    db.session.rollback()
    return look


def _line(job: Job) -> str:
    match job.state:
        case JobStatus.PENDING if job.plan_digest is None:
            return "Waits to be taken up."
        case JobStatus.PLANNING:
            return f"Makes the plan: {job.total_items:,} of {job.expected_items:,} tickets."
        case _:
            return _progress(job)


def _progress(job: Job) -> str:
    parts = [terminal.bar(job.percent_written), f"{job.written:,} of {job.to_do:,}"]
    if job.state is not JobStatus.RUNNING:
        parts.append(str(job.status))
    if job.rate_per_minute:
        parts.append(f"{job.rate_per_minute:,.0f} a minute")
    if job.eta_seconds is not None:
        parts.append(f"{duration(job.eta_seconds)} left")
    return "  ".join(parts)
