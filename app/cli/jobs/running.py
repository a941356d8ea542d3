"""Having something done: a plan is made and shown, agreed to, started and watched."""

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

import click

from app.access import me
from app.cli.jobs import ordering, plan
from app.cli.jobs.group import ADDRESS, Exit, command, refuse, say, tell
from app.cli.jobs.here import is_left, words
from app.cli.jobs.naming import named
from app.cli.jobs.plan import Answers
from app.cli.jobs.watching import ended, found, set_off
from app.database import writing
from app.extensions import db
from app.forms import orders
from app.models import JobStatus
from app.services import jobs, lineage, permissions, presence
from app.services.lineage import Relation
from app.services.waits import WaitReason
from app.tasks.launching import launch

_AGREEING = [
    click.option("--yes", is_flag=True, help="Start without a question."),
    click.option("--only-first", is_flag=True, help="The first tickets of the selection will do."),
    click.option("--without-parts", is_flag=True, help="Go on without what bulk leaves out."),
    click.option(
        "--count",
        metavar="N",
        default="",
        help="Where great harm may be done: the tickets changed.",
    ),
    click.option("--canary", is_flag=True, help="Pause after the first tickets, until resumed."),
]
_PLANNING = [
    click.option("--dry-run", is_flag=True, help="Only make the plan."),
    click.option(
        "--no-wait",
        is_flag=True,
        help="Leave it to the worker, and return at once. With --yes it starts as soon as it is planned.",
    ),
]


def _with(options: list[Any]) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _agreeing(function: Callable[..., Exit]) -> Any:
    """The options by which a plan is agreed to, given as `answers`."""

    @functools.wraps(function)
    def answered(
        yes: bool, only_first: bool, without_parts: bool, count: str, canary: bool, **more: Any
    ) -> Exit:
        answers = Answers(yes, only_first, without_parts, count, canary)
        return function(answers=answers, **more)

    return _with(_AGREEING)(answered)


@command("run")
@ordering.options
@_with(_PLANNING)
@_agreeing
def run(
    order: BinaryIO | None, dry_run: bool, no_wait: bool, answers: Answers, **typed: Any
) -> Exit:
    """Make a plan, show it, and start it with your yes.

    \b
    flask jobs run --operation add_tags --tag vip --tag refund --view 123
    flask jobs run --macro 5 --tickets 1,2,3 --dry-run
    flask jobs run --order order.json --yes --json
    """
    _check_together(answers, dry_run, no_wait)
    sent = ordering.checked(order, typed)
    # What says that nothing is to be written is believed, wherever it says so.
    dry_run = dry_run or ("dry_run" in sent.model_fields_set and sent.dry_run)
    asked = replace(orders.order_of(sent), dry_run=dry_run or not (no_wait and answers.yes))
    db.session.rollback()  # the titles of views were asked of Zendesk
    with writing():
        job_id = jobs.create(me(), asked, ADDRESS).job_id
    return _left_to_worker(job_id) if no_wait else _go_through(job_id, answers, dry_run)


@command("undo")
@click.argument("job")
@_with(_PLANNING)
@_agreeing
def undo(job: str, dry_run: bool, no_wait: bool, answers: Answers) -> Exit:
    """Make a plan that takes back what JOB did, show it, and start it with your yes."""
    if no_wait and answers.yes:
        raise click.UsageError("The plan of an undo has to be made first: --no-wait or --yes.")
    _check_together(answers, dry_run, no_wait)
    with writing():
        parent = named(job)
        job_id = lineage.follow(parent, Relation.UNDO, me(), ADDRESS).job_id
        db.session.commit()
    return _left_to_worker(job_id) if no_wait else _go_through(job_id, answers, dry_run)


@command("start")
@click.argument("job")
@click.option("--digest", metavar="PLAN", help="Only if it is still this plan. Needed with --yes.")
@_agreeing
def start_plan(job: str, digest: str | None, answers: Answers) -> Exit:
    """Show the plan of JOB that was not started yet, and start it with your yes."""
    if answers.yes and not digest:
        raise click.UsageError(
            "With --yes, say which plan is meant: --digest PLAN, as it was shown."
        )
    planned = named(job)
    permissions.check_job(me(), planned)
    if planned.state is not JobStatus.PLANNED:
        raise refuse(f"There is no plan to start: the job is {planned.status}.")
    if digest and digest != planned.plan_digest:
        raise refuse(
            "This is no longer the plan that you saw. Look at it again before you start it."
        )
    return _go_on(planned.job_id, answers, planned.plan_digest or "")


def _check_together(answers: Answers, dry_run: bool, no_wait: bool) -> None:
    if dry_run and answers != Answers():
        raise click.UsageError(
            "With --dry-run nothing is started, so there is nothing to agree to."
        )
    if no_wait and replace(answers, yes=False) != Answers():
        raise click.UsageError(
            "What is to be agreed to shows in the plan: leave out --no-wait, or use flask jobs start later."
        )


def _left_to_worker(job_id: str) -> Exit:
    launch(job_id)
    here = presence.look()
    if not here.redis:
        say(WaitReason.REDIS.sentence)
    if is_left(job := found(job_id)):
        say(words(job))
    say(f"The job {job_id} is with the worker. See how it goes on: flask jobs watch {job_id[:8]}")
    tell(found(job_id))
    return Exit.WELL


def _go_through(job_id: str, answers: Answers, dry_run: bool) -> Exit:
    """From an order to its end."""
    say(f"Job {job_id}")
    set_off(job_id)
    job = found(job_id)
    if job.state is not JobStatus.PLANNED:
        return ended(job_id)
    if dry_run:
        plan.show(job)
        say(f"Only planned. To start it: flask jobs start {job_id[:8]}")
        tell(job)
        return Exit.WELL
    return _go_on(job_id, answers, job.plan_digest or "")


def _go_on(job_id: str, answers: Answers, digest: str) -> Exit:
    """From a plan to its end."""
    plan.show(found(job_id))
    code = plan.begin(job_id, answers, digest)
    if code is not None:
        return code
    set_off(job_id)
    return ended(job_id)
