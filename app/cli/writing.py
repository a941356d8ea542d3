"""`flask writing`: stopping everything that would change tickets in Zendesk, and letting it go on."""

import click

from app.cli.group import Group
from app.database import writing
from app.extensions import db
from app.services import writing_stop
from app.services.writing_stop import NoReason

GROUP = Group("writing", help="Stop all writing to Zendesk, and let it go on.")


@GROUP.command("stop")
@click.option("--reason", required=True, help="Everybody who works with Giga Tools sees it.")
def stop(reason: str) -> None:
    """Let no job change anything in Zendesk until `flask writing resume`."""
    try:
        with writing():
            stopped = writing_stop.stop(None, reason)
            db.session.commit()
    except NoReason as error:
        raise click.ClickException(str(error)) from None
    click.echo("Nothing is written to Zendesk from now on." if stopped else _status())


@GROUP.command("resume")
def resume() -> None:
    """Let jobs change tickets again."""
    with writing():
        woken = writing_stop.lift(None)
        db.session.commit()
    click.echo(_going_on(woken) if woken is not None else _status())


@GROUP.command("status")
def status() -> None:
    """Say whether writing is stopped. Succeeds in both cases."""
    click.echo(_status())


def _status() -> str:
    stop = writing_stop.current()
    if stop is None:
        return "Jobs may write to Zendesk."
    since = f"{stop.since:%d %b %Y, %H:%M} UTC"
    return f"Nothing is written to Zendesk: stopped by {stop.by} at {since}, because {stop.reason}"


def _going_on(jobs: int) -> str:
    waited = "One job" if jobs == 1 else f"{jobs:,} jobs"
    return f"Jobs may write to Zendesk again. {waited} waited for that."
