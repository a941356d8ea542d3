"""The group of commands, and what each of them has: for whom it acts, how it tells, and with what it exits."""

import functools
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import click
from sqlalchemy import select

from app.access import act_for
from app.cli.group import Group
from app.cli.jobs import agreements, terminal
from app.extensions import db
from app.forms.program import Refused
from app.models import Job, Role, User
from app.services import accounts
from app.services.agreeing import PlanChanged
from app.services.connection import NotConnected
from app.services.lineage import NothingToFollow
from app.services.permissions import NotPermitted
from app.zendesk.errors import ZendeskError

ADDRESS = "command line"  # where it came from, for the audit log


class Exit(IntEnum):
    WELL = 0
    REFUSED = 1
    USAGE = 2  # click's own
    PARTLY = 3
    FAILED = 4
    WAITS = 5
    STOPPED = 130  # as shells have it for Ctrl-C
    UNREAD = 141  # and for a reader that went away


HELP = """Jobs: run them, watch them, stop them, take their results away.

Everything is done for a person, with their rights and in their name: --as EMAIL, or GIGA_AS in the environment.
Without either it is the only admin, if there is one alone. JOB is the id of a job, or how it begins: 8 characters
or more.

\b
Exit codes:
  0    all as wanted
  1    wrong use, or refused
  2    wrong options
  3    the job completed, but tickets failed or are unknown
  4    the job failed or was cancelled
  5    the job waits for a person: planned, paused, or for an approval
  130  you stopped watching (Ctrl-C); the job goes on
  141  whoever read the output went away
"""
JSON = "Print the status as JSON, and words beside it."
AS = "Do it for this person, with their rights."


@click.group("jobs", cls=Group, help=HELP)
@click.option("--as", "email", metavar="EMAIL", envvar="GIGA_AS", help=AS)
def GROUP(email: str | None) -> None:  # noqa: N802 - by this name it is found
    pass


def command(name: str, *, tells: bool = True) -> Callable[[Callable[..., Exit]], Any]:
    """A command of the group, done for a person. It gives its exit code; what is refused is said in one line.

    `tells`: has it the status of jobs to tell programs?
    """

    def decorate(function: Callable[..., Exit]) -> Any:
        @functools.wraps(function)
        def done(email: str | None, as_json: bool = False, **told: Any) -> None:
            context = click.get_current_context()
            context.with_resource(_quiet())
            with _in_words():
                act_for(_person(email or (context.parent and context.parent.params.get("email"))))
                db.session.rollback()
                code = function(**told)
            context.exit(code)

        if tells:
            done = click.option("--json", "as_json", is_flag=True, help=JSON)(done)
        done = click.option("--as", "email", metavar="EMAIL", help=AS)(done)
        return GROUP.command(name)(done)

    return decorate


def wants_json() -> bool:
    return bool(click.get_current_context().params.get("as_json"))


def say(words: str = "") -> None:
    """Tell the person. Where a program reads the output, beside it."""
    click.echo(terminal.plain(words), err=wants_json())


def refuse(words: str) -> click.ClickException:
    return click.ClickException(terminal.plain(words))


def tell(*jobs: Job) -> None:
    """For a program: the status of each, a line each."""
    if wants_json():
        for job in jobs:
            click.echo(json.dumps(agreements.status(job)))


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Refused as error:
        raise refuse(f"{error.field}: {error}") from None
    except (NotPermitted, PlanChanged, NothingToFollow, NotConnected) as error:
        raise refuse(str(error)) from None
    except ZendeskError as error:
        words = str(error).rstrip(".")
        raise refuse(f"Zendesk does not tell this now: {words}. Try again in a moment.") from None
    finally:
        db.session.rollback()


def _person(email: str | None) -> User:
    if email is None:
        return _only_admin()
    person = accounts.by_email(email)
    if person is None:
        raise refuse(f"There is no account for {email}.")
    if not person.enabled:
        raise refuse(f"The account of {person.email} has been deactivated.")
    return person


def _only_admin() -> User:
    admins = select(User).where(User.role == Role.ADMIN, User.enabled).limit(2)
    found = list(db.session.scalars(admins))
    if len(found) == 1:
        return found[0]
    there_are = "There is no admin" if not found else "There are several admins"
    raise refuse(f"For whom? {there_are}, so say it: --as EMAIL, or GIGA_AS in the environment.")


@contextmanager
def _quiet() -> Iterator[None]:
    """The log of each slice is for operators; here it would run through the progress."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(max(level, logging.WARNING))
    try:
        yield
    finally:
        root.setLevel(level)
