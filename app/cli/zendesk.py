"""`flask zendesk`: the connection to Zendesk."""

import click

from app.cli.group import Group
from app.database import writing
from app.services import checkup, connecting

GROUP = Group("zendesk", help="The connection to Zendesk.")


@GROUP.command("check")
def check() -> None:
    """Say whom Zendesk takes us for, and what is wrong. Succeeds only if jobs could run."""
    findings = checkup.run()
    for finding in findings:
        click.echo(f"{finding.level:<8} {finding.words}")
    if not checkup.jobs_could_run(findings):
        raise click.ClickException(
            "No job can run before the problems above are mended: on the Connection page, or in the environment of "
            "web and worker (README, “A real Zendesk”)."
        )
    with writing():
        connecting.wake_waiting_jobs()
