"""Looking through jobs, and stopping them or letting them go on."""

from collections.abc import Callable

import click
from flask import current_app

from app.access import me
from app.cli.jobs.group import ADDRESS, Exit, command, refuse, say, tell
from app.cli.jobs.here import is_left, is_small, words
from app.cli.jobs.naming import named
from app.cli.jobs.watching import ended, found, set_off
from app.database import writing
from app.extensions import db
from app.models import Job, JobStatus, User
from app.services import job_list, jobs, permissions
from app.services.job_search import Search
from app.tasks.launching import start

MOST = 1000


@command("list")
@click.option("--status", type=click.Choice([str(one) for one in JobStatus]))
@click.option("--tool", metavar="NAME", help="Such as tag-manager.")
@click.option("--mine", is_flag=True, help="Only the person's own.")
@click.option("--limit", type=click.IntRange(1, MOST), default=25, show_default=True)
def list_jobs(status: str | None, tool: str | None, mine: bool, limit: int) -> Exit:
    """The jobs that the person may see, newest first."""
    if tool and permissions.tool_of(tool) is None:
        known = ", ".join(one.slug for one in current_app.extensions["tools"] if one.makes_jobs)
        raise refuse(f"There is no tool {tool}. Use one of {known}.")
    search = Search(
        status=JobStatus(status) if status else None, tool=tool, owner=me().id if mine else None
    )
    listed = job_list.page(me(), search, size=limit).items
    tell(*listed)
    for job in listed:
        say(_line(job))
    if not listed:
        say("No job matches.")
    return Exit.WELL


def _line(job: Job) -> str:
    return (
        f"{job.job_id[:8]}  {job.status:<10} {job.progress:>3} %  {job.total_items:>7,}  "
        f"{job.created_at:%Y-%m-%d %H:%M}  {job.user.email}  {job.title}"
    )


@command("pause")
@click.argument("job")
def pause(job: str) -> Exit:
    """Send nothing more for JOB, until it is resumed."""
    return _ask(job, jobs.pause, "There is nothing to pause: the job is not running.")


@command("resume")
@click.argument("job")
def resume(job: str) -> Exit:
    """Let a paused or failed JOB go on where it stopped, and a small one here that no worker takes up."""
    left = named(job)
    permissions.check_job(me(), left)
    if is_left(left):
        return _take_up(left)
    return _ask(job, jobs.resume, "Only a paused or failed job can be resumed.")


def _take_up(job: Job) -> Exit:
    permissions.check_start(me(), job)
    if not is_small(job):
        raise refuse(words(job))
    job_id = job.job_id
    set_off(job_id)
    return ended(job_id)


@command("cancel")
@click.argument("job")
def cancel(job: str) -> Exit:
    """Stop JOB for good, or give up its plan. What was changed stays changed."""
    return _ask(job, jobs.cancel, "It is too late to cancel: the job is over.")


def _ask(name: str, ask: Callable[[Job, User, str], bool], refusal: str) -> Exit:
    """Ask the job to take a step, and let it, here or in a worker."""
    db.session.rollback()
    with writing():
        job = named(name)
        job_id = job.job_id
        if not ask(job, me(), ADDRESS):
            raise refuse(refusal)
        db.session.commit()
    start(job_id)
    job = found(job_id)
    say(f"The job is {job.status}: {job.title}")
    if is_left(job):
        say(words(job))
    elif not job.state.rests:
        say(f"See how it goes on: flask jobs watch {job_id[:8]}")
    tell(job)
    return Exit.WELL
