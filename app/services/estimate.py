"""How long a plan will take and what it will cost, before it is started."""

from dataclasses import dataclass
from math import ceil

from flask import current_app

from app.models import Job
from app.services import settings
from app.services.engine.running import POLLS
from app.zendesk.batches import BATCH

# Zendesk works through about ten tickets a second in each of its own jobs (recorded in 2023).
TICKETS_A_SECOND = 10
# Of an Enterprise account. What this one permits is known only while it is asked.
CALLS_A_MINUTE = 700


@dataclass(frozen=True)
class Estimate:
    seconds: float
    calls: int
    unseen: int  # tickets that are out, at most, before the first result is known


def of(job: Job) -> Estimate:
    """For what is still to be written: batches of 100, as many at once as we keep in flight."""
    config = current_app.config
    batches = ceil(job.planned_count / BATCH)
    in_flight = settings.current("max_in_flight")
    rounds = ceil(batches / in_flight)
    speed = 60 / config["ZENDESK_WINDOW_SECONDS"]
    seconds = rounds * min(BATCH, job.planned_count) / TICKETS_A_SECOND / speed
    polls = ceil(seconds * speed / 60 * POLLS)
    reads = job.planned_count if (job.pinned or {}).get("asks_zendesk") else 0
    return Estimate(
        seconds=max(seconds, _reading_seconds(reads) / speed),
        calls=batches + polls + reads,
        unseen=in_flight * BATCH,
    )


def _reading_seconds(reads: int) -> float:
    """For a text that Zendesk fills in for each ticket, each is asked about, at what is left to jobs of a minute."""
    share = 1 - settings.current("reserve_percent") / 100
    return reads / (CALLS_A_MINUTE * share) * 60
