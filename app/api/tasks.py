"""The pipeline, as admins' programs and pages watch it and set it off."""

from pydantic import ConfigDict, Field, TypeAdapter

from app.access import address, me
from app.api import shapes, tasks_bp
from app.api.endpoint import Answer, endpoint
from app.api.problems import Problem
from app.forms.program import Part
from app.models import RunKind, RunStatus, Schedule, Scope
from app.services.insights import runs, schedules, triggers
from app.services.insights.runs import BACKFILL_DAYS, BATCH_SIZE, DEFAULTS, Caller
from app.tasks import pipeline_tasks

_WATCHING = {"for_admins": True, "takes_sessions": True}
_STARTING = _WATCHING | {
    "scope": Scope.WRITE,
    "answer": shapes.Run,
    "status": 202,
    "problems": (409,),
}


class Backfill(Part):
    model_config = ConfigDict(json_schema_extra={"examples": [{"backfill_days": 7}]})

    backfill_days: int = Field(
        DEFAULTS["backfill_days"],
        ge=BACKFILL_DAYS[0],
        le=BACKFILL_DAYS[1],
        description="How many days back the first sync begins.",
    )


class Batches(Part):
    model_config = ConfigDict(json_schema_extra={"examples": [{"batch_size": 500}]})

    batch_size: int = Field(
        DEFAULTS["batch_size"],
        ge=BATCH_SIZE[0],
        le=BATCH_SIZE[1],
        description="How many tickets are analysed at a time.",
    )


class SyncAsked(Backfill):
    """Copy the tickets that are new or were changed."""


class AnalyzeAsked(Batches):
    """Analyse the tickets that have not been."""


class PipelineAsked(Backfill, Batches):
    """Sync, analyse, cluster, and follow the trends."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"backfill_days": 7, "batch_size": 500}]}
    )


_SYNC, _ANALYZE = TypeAdapter(SyncAsked), TypeAdapter(AnalyzeAsked)
_PIPELINE = TypeAdapter(PipelineAsked)


@tasks_bp.get("/scheduler/status")
@endpoint("List the schedules", answer=shapes.ScheduledTasks, **_WATCHING)
def show_scheduler() -> shapes.ScheduledTasks:
    """What is done by itself, and when each is due next. For admins."""
    return shapes.ScheduledTasks([_shape_of(one) for one in schedules.known()])


@tasks_bp.get("/worker/status")
@endpoint("Look at the pipeline", answer=shapes.PipelineWorker, **_WATCHING)
def show_worker() -> shapes.PipelineWorker:
    """Whether the pipeline is running, how far it is, and what the last runs came to. For admins."""
    return shapes.PipelineWorker(**runs.look().as_json())


@tasks_bp.post("/sync")
@endpoint("Sync tickets", body=lambda: _SYNC, **_STARTING)
def start_sync(body: SyncAsked) -> Answer:
    """Begin to copy the tickets that are new or were changed. For admins, five times an hour each."""
    return _start(RunKind.SYNC, body)


@tasks_bp.post("/analyze")
@endpoint("Analyse tickets", body=lambda: _ANALYZE, **_STARTING)
def start_analysis(body: AnalyzeAsked) -> Answer:
    """Begin to analyse the tickets that have not been. For admins, five times an hour each."""
    return _start(RunKind.ANALYZE, body)


@tasks_bp.post("/pipeline")
@endpoint("Run the whole pipeline", body=lambda: _PIPELINE, **_STARTING)
def start_pipeline(body: PipelineAsked) -> Answer:
    """Begin to sync, analyse, cluster and follow the trends. For admins, five times an hour each."""
    return _start(RunKind.PIPELINE, body)


def _start(kind: RunKind, asked: Part) -> Answer:
    """Raises Problem: 409 while another run is under way, 429 for too many within an hour."""
    try:
        triggers.count(me())
        run_id = runs.ask(kind, Caller(me(), address()), asked.model_dump())
    except triggers.TooOften as error:
        raise Problem(429, str(error), headers={"Retry-After": str(error.seconds)}) from None
    except (runs.PipelineBusy, runs.NothingToRun) as error:
        raise Problem(409, str(error)) from None
    pipeline_tasks.launch(run_id)
    return Answer(shapes.Run(run_id=run_id, kind=kind, status=RunStatus.PENDING), 202)


def _shape_of(schedule: Schedule) -> shapes.ScheduledTask:
    next_run = schedules.next_run(schedule)
    return shapes.ScheduledTask(
        id=schedule.id,
        name=schedule.name,
        next_run=next_run.isoformat() if next_run else None,
        trigger=schedules.trigger(schedule),
    )
