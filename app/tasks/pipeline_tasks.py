"""Runs of the pipeline: waking a worker for one, doing a slice of it, and beginning what is due by schedule."""

from datetime import timedelta

from celery import shared_task
from sqlalchemy import update

from app.database import now
from app.extensions import db, rows_changed
from app.models import PipelineRun
from app.services.insights import pipeline, runs, schedules
from app.tasks import shutdown
from app.tasks.sending import EXPIRES_SECONDS, send

QUEUE = "pipeline"


@shared_task
def advance_pipeline(run_id: str) -> None:
    """Do one slice of the run, and queue the next."""
    if pipeline.advance(run_id, is_stopping=shutdown.is_asked) == 0.0:
        launch(run_id)


def launch(run_id: str) -> bool:
    """Queue the run's next slice. False if the broker cannot be reached: upkeep will queue it. Commits first."""
    db.session.commit()
    if not send("pipeline_tasks.advance_pipeline", run_id, queue=QUEUE):
        return False
    look_again = now() + timedelta(seconds=EXPIRES_SECONDS)
    here = update(PipelineRun).where(PipelineRun.run_id == run_id, ~PipelineRun.is_held)
    rows_changed(here.values(wake_at=look_again))
    db.session.commit()
    return True


def wake() -> None:
    """Begin what is due by schedule, and wake the runs that nobody is at."""
    schedules.start_due()
    for run_id in runs.due():
        launch(run_id)
    db.session.commit()
