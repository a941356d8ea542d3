"""`flask pipeline`: fetching tickets, finding the issues in them, and following how these develop.

Exit codes: 0 all as wanted; 1 refused, since another run is under way; 2 wrong options; 4 the run failed.
"""

import json
import time

import click

from app.cli.group import Group
from app.cli.jobs.terminal import Line, bar
from app.database import writing
from app.extensions import db
from app.models import PipelineRun, RunKind, RunStatus
from app.services import presence
from app.services.insights import runs, stages
from app.services.insights.runs import BACKFILL_DAYS, BATCH_SIZE, DEFAULTS, Caller
from app.tasks import pipeline_tasks

GROUP = Group("pipeline", help="Fetch tickets, find the issues in them, and follow those.")

HERE = "command line"  # where it came from, for the audit log
LOOK_SECONDS = 0.5
FAILED = 4
# Of a single stage a run is told as what it is.
KINDS = {"sync": RunKind.SYNC, "analyse": RunKind.ANALYZE, "trends": RunKind.TRENDS}
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


@GROUP.command("run")
@click.option(
    "--backfill-days",
    type=click.IntRange(*BACKFILL_DAYS),
    default=DEFAULTS["backfill_days"],
    show_default=True,
    help="How many days back the first sync begins.",
)
@click.option(
    "--batch-size",
    type=click.IntRange(*BATCH_SIZE),
    default=DEFAULTS["batch_size"],
    show_default=True,
    help="How many tickets are analysed at a time.",
)
@click.option(
    "--stage",
    "only",
    type=click.Choice(stages.OF_KIND[RunKind.PIPELINE]),
    multiple=True,
    help="Only this stage. May be repeated.",
)
@click.option(
    "--wait", is_flag=True, help="Wait until it is over. Ctrl-C stops waiting, and not the run."
)
@click.option("--first", is_flag=True, help="Do nothing if the pipeline has ever been run.")
@AS_JSON
def run(
    backfill_days: int,
    batch_size: int,
    only: tuple[str, ...],
    wait: bool,
    first: bool,
    as_json: bool,
) -> None:
    """Let a worker run the pipeline, or some of its stages."""
    if first and runs.look().newest:
        click.echo("The pipeline has been run before.", err=True)
        return
    kind = KINDS.get(only[0], RunKind.PIPELINE) if len(set(only)) == 1 else RunKind.PIPELINE
    options = {"backfill_days": backfill_days, "batch_size": batch_size}
    try:
        with writing():
            run_id = runs.ask(kind, Caller(None, HERE), options, only)
    except (runs.PipelineBusy, runs.NothingToRun) as error:
        raise click.ClickException(str(error)) from None
    is_queued = pipeline_tasks.launch(run_id)
    if not is_queued or not presence.look().worker:
        click.echo("No worker is there now. The run begins as soon as one is.", err=True)
    if wait:
        _watch(run_id)
    ended = _found(run_id)
    click.echo(json.dumps(_as_json(ended)) if as_json else _told(ended))
    if ended.status in {RunStatus.FAILED, RunStatus.SKIPPED}:
        raise SystemExit(FAILED)


@GROUP.command("status")
@AS_JSON
def status(as_json: bool) -> None:
    """Say what runs, and what the last runs came to."""
    look = runs.look()
    if as_json:
        click.echo(json.dumps(look.as_json()))
        return
    if look.newest is None:
        click.echo("Nothing has been run yet.")
        return
    click.echo(_told(look.newest))
    if look.is_running and look.ended is not None:
        click.echo(f"Before it: {_told(look.ended)}")


def _watch(run_id: str) -> None:
    line = Line()
    while not (run := _found(run_id)).is_over:
        line.show(f"{bar(run.percent)} {run.stage or 'waiting'}")
        time.sleep(LOOK_SECONDS)
    line.end()


def _found(run_id: str) -> PipelineRun:
    """As it is now: nothing of the database is held between two looks."""
    db.session.rollback()
    run = runs.by_id(run_id)
    if run is None:
        raise click.ClickException(f"The run {run_id} was deleted.")
    return run


def _told(run: PipelineRun) -> str:
    if not run.is_over:
        return f"{runs.described(run)} {run.percent} % ({run.run_id})"
    if run.error:
        return f"{run.status.capitalize()}: {run.error}"
    stages_told = (f"{name}: {_counts(result)}" for name, result in run.result.items())
    return f"{run.status.capitalize()}. {'; '.join(stages_told)}."


def _counts(result: dict[str, object]) -> str:
    told = (
        f"{name.replace('_', ' ')} {number:,}"
        if isinstance(number, int | float)
        else f"{name} {number}"
        for name, number in result.items()
    )
    return ", ".join(told) or "done"


def _as_json(run: PipelineRun) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "kind": run.kind,
        "status": run.status,
        "progress": run.percent,
        "result": run.result,
        "error": run.error,
    }
