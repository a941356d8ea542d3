"""How long a plan will take and what it will cost, before it is started."""

from dataclasses import dataclass
from math import ceil

from flask import current_app

from app.models import Job
from app.services.engine.running import POLLS
from app.zendesk.bulk import BATCH

# Zendesk works through about ten tickets a second in each of its own jobs (recorded in 2023).
TICKETS_A_SECOND = 10


@dataclass(frozen=True)
class Estimate:
    seconds: float
    calls: int


def of(job: Job) -> Estimate:
    """For what is still to be written: batches of 100, as many at once as we keep in flight."""
    config = current_app.config
    batches = ceil(job.planned_count / BATCH)
    rounds = ceil(batches / config["ZENDESK_MAX_IN_FLIGHT"])
    speed = 60 / config["ZENDESK_WINDOW_SECONDS"]
    seconds = rounds * min(BATCH, job.planned_count) / TICKETS_A_SECOND / speed
    polls = ceil(seconds * speed / 60 * POLLS)
    return Estimate(seconds, batches + polls)
