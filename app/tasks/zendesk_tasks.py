"""The tasks that work on jobs. Each does one slice; their names are what operators see in Flower."""

from celery import shared_task

from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.tasks import launching, shutdown

SLICE_SECONDS = 20.0


@shared_task
def tag_tickets_async(job_id: str) -> None:
    work(job_id)


@shared_task
def apply_macro_async(job_id: str) -> None:
    work(job_id)


@shared_task
def bulk_update_async(job_id: str) -> None:
    work(job_id)


def work(job_id: str) -> None:
    """Do one slice of the job, and queue the next."""
    pace = Pace(seconds=SLICE_SECONDS, is_stopping=shutdown.is_asked)
    launching.go_on(job_id, advance(job_id, pace))
