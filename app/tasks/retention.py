"""Letting go what is older than it is kept, a little at a time."""

from celery import shared_task

from app.services import retention
from app.tasks import shutdown

# A tenth of the time between two runs: one process of a worker is busy with it for so long.
SECONDS = 30.0


@shared_task
def purge_what_is_old() -> None:
    retention.purge(SECONDS, shutdown.is_asked)
