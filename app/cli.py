"""Commands: `flask users`, `flask sandbox`, `flask zendesk`."""

import sys
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from app.database import writing
from app.extensions import db
from app.models import AuditEvent, Job, JobTicket, OAuthToken, Role, User, ZendeskSettings
from app.services import accounts, audit, checkup, connecting
from app.services.accounts import AccountRefused
from app.zendesk.sandbox.cli import sandbox_cli

users_cli = AppGroup("users", help="People who may sign in.")
zendesk_cli = AppGroup("zendesk", help="The connection to Zendesk.")


def init_app(app: Flask) -> None:
    for group in (users_cli, zendesk_cli, sandbox_cli):
        app.cli.add_command(group)
    app.shell_context_processor(_shell)


@users_cli.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([str(role) for role in Role]), default=str(Role.USER))
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_user(email: str, role: str, password_stdin: bool) -> None:
    """Make an account for EMAIL."""
    password = (
        _piped()
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    try:
        with writing():
            user = accounts.create_user(email, Role(role), password)
    except AccountRefused as error:
        raise click.ClickException(str(error)) from None
    audit.record(None, "user.create", user.email, role=role)
    db.session.commit()
    click.echo(f"Created {user.email} ({user.role}).")


@zendesk_cli.command("check")
def check_zendesk() -> None:
    """Say whom Zendesk takes us for, and what is wrong. Succeeds only if jobs could run."""
    findings = checkup.run()
    for finding in findings:
        click.echo(f"{finding.level:<8} {finding.words}")
    if not checkup.jobs_could_run(findings):
        raise click.ClickException("No job can run before the problems above are mended.")
    connecting.wake_waiting_jobs()


def _piped() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _shell() -> dict[str, Any]:
    models = (AuditEvent, Job, JobTicket, OAuthToken, User, ZendeskSettings)
    return {"db": db} | {model.__name__: model for model in models}
