"""Ledgers to take away."""

import os
import sys
from collections.abc import Iterator

import click

from app.cli.jobs import terminal
from app.cli.jobs.group import Exit, command, refuse
from app.cli.jobs.naming import named
from app.extensions import db
from app.models import Outcome
from app.services import export
from app.services.ledger_filter import Filter

FORMATS = {"csv": export.as_csv, "json": export.as_json, "ndjson": export.as_ndjson}


@command("export", tells=False)
@click.argument("job")
@click.option("--format", "kind", type=click.Choice(list(FORMATS)), default="csv")
@click.option(
    "--outcome",
    "outcomes",
    type=click.Choice([str(one) for one in Outcome]),
    multiple=True,
    help="Only tickets with this result. May be given several times.",
)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), default="-")
def export_job(job: str, kind: str, outcomes: tuple[str, ...], output: str) -> Exit:
    """Write what became of each ticket of JOB to standard output, or to FILE, which is there only when it is whole."""
    wanted = Filter(outcomes=tuple(one for one in Outcome if one in outcomes))
    key = named(job).id
    db.session.rollback()  # no transaction is open while somebody reads slowly
    pieces = FORMATS[kind](key, wanted)
    return _to_standard_output(pieces) if output == "-" else _to_file(pieces, output)


def _to_file(pieces: Iterator[str], path: str) -> Exit:
    try:
        with click.open_file(path, "w", encoding="utf-8", atomic=True) as file:
            for piece in pieces:
                file.write(piece)
    except OSError as error:
        raise refuse(f"{path} cannot be written: {error.strerror}.") from None
    return Exit.WELL


def _to_standard_output(pieces: Iterator[str]) -> Exit:
    is_terminal = sys.stdout.isatty()
    try:
        for piece in pieces:
            sys.stdout.write(terminal.plain(piece, keep="\n") if is_terminal else piece)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still to be written when the program ends would be in vain, and said so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNREAD
    return Exit.WELL
