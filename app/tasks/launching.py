"""Waking a worker for a job: the only place that queues one."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from app.database import now
from app.extensions import db, rows_changed
from app.models import Job
from app.services import presence
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.tasks.sending import EXPIRES_SECONDS, send

# What operators see in Flower, by tool; any other tool's jobs run under the generic name.
TASKS = {"tag-manager": "tag_tickets_async", "apply-macro-to-view": "apply_macro_async"}
GENERIC = "bulk_update_async"


def launch(job_id: str) -> bool:
    """Queue the job's next slice. False if the broker cannot be reached: upkeep will queue it.

    Commits first, so that no worker meets a job that is not there yet. Upkeep looks again after a while, in case the
    message is lost.
    """
    db.session.commit()
    tool_slug = db.session.scalar(select(Job.tool_slug).where(Job.job_id == job_id))
    db.session.commit()
    name = TASKS.get(tool_slug or "", GENERIC)
    if not send(f"zendesk_tasks.{name}", job_id, queue="zendesk"):
        return False
    _note(job_id)
    return True


def start(job_id: str) -> bool:
    """Begin the job here and now if it is small, and in a worker otherwise. False if neither is possible.

    Without Redis nothing is written to Zendesk, for then nobody keeps watch over the account's limits.
    """
    db.session.commit()
    if not presence.look().redis:
        return False
    slots = current_app.extensions["sync_slots"]
    if not slots.acquire(blocking=False):
        return launch(job_id)
    try:
        wait = advance(job_id, _small_and_quick())
    finally:
        slots.release()
    return go_on(job_id, wait)


def go_on(job_id: str, wait: float | None) -> bool:
    """Queue the next slice after one that asked for this wait (seconds; None: for a person).

    False if the broker cannot be reached.
    """
    return launch(job_id) if wait == 0.0 else True


def _small_and_quick() -> Pace:
    config = current_app.config
    return Pace(seconds=config["SYNC_SECONDS"], most_tickets=config["SYNC_LIMIT"])


def _note(job_id: str) -> None:
    rows_changed(
        update(Job)
        .where(Job.job_id == job_id, ~Job.is_held)
        .values(wake_at=now() + timedelta(seconds=EXPIRES_SECONDS))
    )
    db.session.commit()
