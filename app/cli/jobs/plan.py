"""A plan as it is shown on the command line, what it has to be agreed to with, and its start."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import click

from app.access import me
from app.cli.jobs import terminal
from app.cli.jobs.agreements import wanted
from app.cli.jobs.group import ADDRESS, Exit, say, tell
from app.cli.jobs.watching import found, outcome
from app.database import writing
from app.extensions import db
from app.models import Job, JobStatus
from app.services import (
    acting,
    agreeing,
    approving,
    cautions,
    closed_tickets,
    estimate,
    jobs,
    permissions,
    reach,
    reversal,
)
from app.services.agreeing import Agreement, Said
from app.web import duration


@dataclass(frozen=True)
class Answers:
    """What was given on the command line, perhaps for a plan that nobody has seen yet."""

    yes: bool = False
    only_first: bool = False
    without_parts: bool = False
    count: str = ""
    canary: bool = False

    @property
    def said(self) -> Said:
        return Said(self.only_first, self.without_parts, self.count)


def show(job: Job) -> None:
    for line in _lines(job):
        say(line)


def _lines(job: Job) -> Iterator[str]:
    yield job.title
    yield from outcome(job)
    if job.matched is not None and job.matched > job.total_items:
        yield f"Zendesk finds {job.matched:,} tickets; the plan has {job.total_items:,}."
    needed = estimate.of(job)
    yield f"About {duration(needed.seconds)}, with {needed.calls:,} calls to Zendesk."
    yield from filter(None, (*job.remarks, closed_tickets.remark(job), acting.remark()))
    known = cautions.of(job)
    yield from (one.words for one in known)
    yield from (f"Left out: {words}" for words in job.left_out)
    if not known and (reached := reach.of(job)) and reached.replies:
        yield f"It sends {reached.mail}."
    yield reversal.sentence(job)
    yield f"Plan {job.plan_digest}"


def begin(job_id: str, answers: Answers, digest: str) -> Exit | None:
    """Start the plan that was shown, if the person agrees. None if it is under way; else the code of why it is not."""
    job = found(job_id)
    permissions.check_start(me(), job)
    if why := approving.is_missing(me(), job) and approving.why(me(), job):
        say(f"{why} With your yes it is asked for.")
    said = _agreed(job, answers)
    db.session.rollback()
    if said is None:
        return _left(job_id)
    with writing():
        job = found(job_id)
        jobs.apply(job, digest, me(), **vars(said), canary=answers.canary, address=ADDRESS)
        db.session.commit()
    if found(job_id).state is JobStatus.PLANNED:
        return _left(job_id, "An admin was asked for an approval. The job starts when it is given.")
    return None


def _left(job_id: str, words: str = "") -> Exit:
    job = found(job_id)
    start, cancel = (f"flask jobs {verb} {job_id[:8]}" for verb in ("start", "cancel"))
    say(words or f"Nothing was started. The plan waits. Start it: {start}. Give it up: {cancel}")
    tell(job)
    return Exit.WAITS


def _agreed(job: Job, answers: Answers) -> Said | None:
    """What the person agrees to, asked for where it was not given. None if they do not."""
    said = answers.said
    for one in agreeing.needed(job):
        if not (answers.yes or one.is_given(said)):
            said = _asked(one, said)
        if not one.is_given(said):
            say(wanted(one))
            return None
    question = f"{job.act}?"
    return said if answers.yes or _confirmed(question) else None


def _asked(one: Agreement, said: Said) -> Said:
    if one.field == "typed_count":
        return replace(said, typed_count=_prompted(f"{one.known} Type that number to go on"))
    return replace(said, **{one.field: _confirmed(f"{one.known} Go on?")})


def _confirmed(question: str) -> bool:
    try:
        return click.confirm(terminal.plain(question), err=True)
    except click.Abort:
        return _unanswered()


def _prompted(question: str) -> str:
    try:
        return click.prompt(terminal.plain(question), err=True, default="", show_default=False)
    except click.Abort:
        _unanswered()
        return ""


def _unanswered() -> bool:
    click.echo(err=True)
    return False
