"""`flask backup`: the database in one file, and back."""

from pathlib import Path

import click
from flask import current_app

from app.cli.group import Group
from app.database import now
from app.services.backup import backups
from app.services.backup.archive import Manifest
from app.services.backup.refusal import BackupRefused

GROUP = Group("backup", help="The database in one file, and back.")

A_FILE = click.Path(dir_okay=False, path_type=Path)
WITHOUT_KEYS = (
    "It does not hold ENCRYPTION_KEYS and SECRET_KEY: keep those elsewhere. Without the first, the credentials for "
    "Zendesk in it cannot be read."
)


class _InWords(click.ClickException):
    """A refusal as the last line, and nothing else."""


@GROUP.command("create")
@click.argument("file", type=A_FILE, required=False)
def create(file: Path | None) -> None:
    """Write the database to FILE, while everything goes on. Without one, to a new file in instance/backups."""
    path = file or _new_file()
    try:
        manifest = backups.create(path)
    except BackupRefused as error:
        raise _InWords(str(error)) from None
    click.echo(f"{path}: {_told(manifest)}")
    click.echo(WITHOUT_KEYS)


@GROUP.command("verify")
@click.argument("file", type=A_FILE)
@click.option(
    "--deep",
    metavar="DATABASE_URL",
    default="",
    envvar="GIGA_VERIFY_DATABASE_URL",
    help="Of an empty PostgreSQL database, into which it is restored, and which is emptied again. Rather set "
    "GIGA_VERIFY_DATABASE_URL, if it has a password.",
)
def verify(file: Path, deep: str) -> None:
    """Check that FILE is whole and can be restored."""
    try:
        manifest = backups.verify(file, deep)
    except BackupRefused as error:
        raise _InWords(str(error)) from None
    click.echo(f"{file} is good: {_told(manifest)}")
    if manifest.kind == "postgresql" and not deep:
        click.echo("Only its list of contents was read. With --deep it is restored for a trial.")


@GROUP.command("restore")
@click.argument("file", type=A_FILE)
@click.option("--yes", is_flag=True, help="Replace what is in the database now.")
def restore(file: Path, yes: bool) -> None:
    """Put FILE in the place of the database. Stop web, worker and beat first.

    Jobs that were under way are paused until somebody has looked at them, plans are given up, and everybody has to sign
    in again.
    """
    try:
        restored = backups.restore(file, over_existing=yes)
    except BackupRefused as error:
        raise _InWords(str(error)) from None
    click.echo(f"Restored: {_told(restored.manifest)}")
    if restored.kept:
        click.echo(f"What was there before is in {restored.kept}.")
    click.echo(
        f"Jobs paused until somebody has looked at them: {restored.held.paused}. "
        f"Plans and orders given up: {restored.held.given_up}. "
        f"Jobs that had nothing left to send: {restored.held.completed}."
    )
    click.echo(
        "Everybody has to sign in again. Passwords, accounts and access tokens are as they were then: take back once "
        "more what you have taken back since. Zendesk may have to be connected again."
    )
    if not restored.is_current:
        click.echo("Its tables are older than this version. Now run: flask db upgrade")


def _new_file() -> Path:
    folder = Path(current_app.instance_path, "backups")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"giga-{now():%Y%m%d-%H%M%S}.tar"


def _told(manifest: Manifest) -> str:
    held = ", ".join(f"{number:,} {name}" for name, number in manifest.rows.items())
    return f"{manifest.kind} of {manifest.made:%d %b %Y, %H:%M:%S} UTC; {held}."
