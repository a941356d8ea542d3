"""`flask audit`: the log of who did what."""

import sys

import click

from app.cli.group import Group
from app.services import audit_chain, audit_export, audit_log
from app.services.audit_chain import Link

GROUP = Group("audit", help="The log of who did what.")


@GROUP.command("verify")
@click.option(
    "--head", is_flag=True, help="Print only the head of the chain, to be kept elsewhere."
)
@click.option("--expect", metavar="HEAD", help="A head kept before: the chain must still have it.")
def verify(head: bool, expect: str | None) -> None:
    """Check that no entry was changed, added or taken away. Succeeds only if none was.

    That the newest entries were taken away, or all sealed anew by somebody who can write to the database, shows only
    with --expect.
    """
    try:
        verdict = audit_chain.verify(Link.of(expect) if expect else None)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--expect") from None
    if verdict.trouble:
        raise click.ClickException(f"{verdict.trouble} {verdict.checked:,} before it are good.")
    if head:
        click.echo(verdict.head)
        return
    click.echo(f"Good: {verdict.checked:,} entries, {verdict.unsealed:,} more not sealed yet.")
    if verdict.purged:
        click.echo(f"Before them {verdict.purged:,} were purged.")
    click.echo(f"Head: {verdict.head}")


@GROUP.command("export")
@click.option("--format", "kind", type=click.Choice(["ndjson", "csv"]), default="ndjson")
def export(kind: str) -> None:
    """Write all entries to standard output, oldest first."""
    pieces = audit_export.as_csv if kind == "csv" else audit_export.as_ndjson
    for piece in pieces(audit_log.EVERYTHING, oldest_first=True):
        sys.stdout.write(piece)
