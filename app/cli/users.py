"""`flask users`: people who may sign in, and the way back in for an admin who cannot."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app

from app.cli.group import Group
from app.database import writing
from app.extensions import db
from app.models import Role, User
from app.services import account_links, account_mail, accounts, api_tokens, audit, people
from app.services.accounts import AccountRefused
from app.services.permissions import NotPermitted

GROUP = Group("users", help="People who may sign in.")
ROLE = click.Choice([str(role) for role in Role])
HERE = "command line"  # where it came from, for the audit log


@GROUP.command("create")
@click.argument("email")
@click.option("--role", type=ROLE, default=str(Role.USER))
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_user(email: str, role: str, password_stdin: bool) -> None:
    """Make an account for EMAIL."""
    password = (
        _piped()
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    with _changing():
        user = accounts.create_user(email, Role(role), password)
        audit.record(None, "user.create", user.email, HERE, after=role)
        said = f"Created {user.email} ({user.role})."
    click.echo(said)


@GROUP.command("list")
def list_users() -> None:
    """Everybody with an account: email, role, state."""
    for user in accounts.everybody():
        state = "off" if not user.enabled else "invited" if user.is_invited else "active"
        click.echo(f"{user.email}\t{user.role}\t{state}")


@GROUP.command("set-role")
@click.argument("email")
@click.argument("role", type=ROLE)
def set_role(email: str, role: str) -> None:
    """Make EMAIL an admin, or a user. It holds at once."""
    with _changing():
        user = _person(email)
        is_new = people.set_role(user, Role(role), None, HERE)
        said = f"{user.email} {'is now' if is_new else 'was already'} {role}."
    click.echo(said)


@GROUP.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Let EMAIL in no more. Their jobs go on."""
    with _changing():
        user = _person(email)
        people.deactivate(user, None, HERE)
        said = f"{user.email} is switched off and signed out everywhere."
        if at_work := people.jobs_at_work([user]).get(user.id):
            said += f" Jobs of theirs that go on: {at_work}."
    click.echo(said)


@GROUP.command("activate")
@click.argument("email")
def activate(email: str) -> None:
    """Let EMAIL in again, with the password that they had."""
    with _changing():
        user = _person(email)
        people.activate(user, None, HERE)
        said = f"{user.email} is switched on."
    click.echo(said)


@GROUP.command("reset")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Set the password that standard input has.")
def reset(email: str, password_stdin: bool) -> None:
    """Print a link with which EMAIL chooses a new password, or set one."""
    with _changing():
        user = _person(email)
        if password_stdin:
            people.set_password(user, _piped(), None, HERE)
            said = f"The password of {user.email} is set, and they are signed out everywhere."
            if number := api_tokens.number_that_work(user):
                said += f" Access tokens of theirs that still work: {number}. See: flask tokens list {user.email}"
        else:
            purpose, token = people.make_link(user, None, HERE)
            said = _link(account_links.path(purpose, token), account_mail.link_of(purpose, token))
    click.echo(said)


def _link(path: str, link: str) -> str:
    if current_app.config["PUBLIC_URL"]:
        return link
    return f"{path}\nPut the address of Giga Tools in front of it: PUBLIC_URL is not set."


def _person(email: str) -> User:
    return accounts.by_email(email) or _refuse(f"There is no account for {email}.")


def _refuse(words: str) -> User:
    raise click.ClickException(words)


@contextmanager
def _changing() -> Iterator[None]:
    """One transaction that writes. What is refused is said in one line."""
    with writing():
        try:
            yield
            db.session.commit()
        except (AccountRefused, NotPermitted) as refused:
            raise click.ClickException(str(refused)) from None


def _piped() -> str:
    return sys.stdin.readline().rstrip("\r\n")
