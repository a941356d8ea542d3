"""Watching a job: how far it is, what it waits for, and what became of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import click

from app.access import me
from app.cli.jobs import terminal
from app.cli.jobs.group import Exit, command, refuse, say, tell
from app.cli.jobs.here import Here, advice, is_due, is_left, is_small, words
from app.cli.jobs.naming import named
from app.extensions import db
from app.models import Job, JobStatus, PauseReason
from app.services import approving, job_list, job_report, presence
from app.services.waits import WaitReason
from app.web import duration

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
    waits_for: str  # in words
    may_be_taken_up: bool  # by this process


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
    """Let the job take its next steps, here if it is small and in a worker otherwise, and watch it."""
    here = Here(job_id)
    try:
        here.take_up()
        watch(job_id, here)
    finally:
        here.leave()


def watch(job_id: str, here: Here | None = None) -> None:
    """Until only a person moves the job on. With `here`, this process takes it up where no worker does."""
    line, told, last = terminal.Line(), "", 0.0
    with _can_be_left(job_id, line, here):
        while True:
            is_here = here is not None and here.is_busy
            look = _look(job_id, here)
            if look.status.rests and not is_here:
                break
            if here and look.may_be_taken_up and not is_here:
                here.take_up()
            if look.waits_for and look.waits_for != told:
                line.end()
                click.echo(look.waits_for, err=True)
            told = look.waits_for
            if line.is_live or time.monotonic() - last >= LINE_SECONDS:
                line.show(look.line)
                last = time.monotonic()
            here.rest(LOOK_SECONDS) if here else time.sleep(LOOK_SECONDS)
    line.end()


@contextmanager
def _can_be_left(job_id: str, line: terminal.Line, here: Here | None) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        line.end()
        if here is not None and here.is_busy:
            click.echo("What this process has begun of it is brought to its end first.", err=True)
        click.echo(f"You no longer watch the job. {_how_it_goes_on(job_id, here)}", err=True)
        raise click.exceptions.Exit(Exit.STOPPED) from None


def _how_it_goes_on(job_id: str, here: Here | None) -> str:
    job = found(job_id)
    if here is not None and here.is_busy and not presence.look().worker:
        return f"See what became of it: flask jobs watch {job_id[:8]}. {advice(job)}"
    return words(job) if is_left(job) else f"It goes on: flask jobs watch {job_id[:8]}"


def _look(job_id: str, here: Here | None) -> Look:
    job, seen = found(job_id), presence.look()
    is_done_here = here is not None and (here.is_busy or is_small(job))
    reason, _ = job_report.waiting(job, replace(seen, worker=seen.worker or is_done_here))
    waits_for = words(job) if reason is WaitReason.WORKER else reason.sentence if reason else ""
    may_be_taken_up = is_small(job) and is_left(job) and is_due(job)
    look = Look(job.state, _line(job), waits_for, may_be_taken_up)
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
