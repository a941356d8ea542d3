"""What this process does for a job itself: a small one goes on here where no worker takes it up."""

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from flask import Flask, current_app

from app.database import now
from app.logs import get_logger
from app.models import ACTIVE, Job
from app.services import presence
from app.services.waits import WaitReason
from app.tasks.launching import start

log = get_logger(__name__)

LARGE = "A job of this size is not done here: start a worker."


def is_small(job: Job) -> bool:
    return job.expected_items <= current_app.config["SYNC_LIMIT"]


def is_left(job: Job) -> bool:
    """Has it something to do, while nobody is at it and no worker would take it up?"""
    here = presence.look()
    return here.redis and not here.worker and job.state in ACTIVE and not job.is_held


def is_due(job: Job) -> bool:
    """Need it wait no longer? Where it waits for nothing, the time to look again is when a message counts as lost."""
    return job.wait_reason is None or job.wake_at is None or job.wake_at <= now()


def advice(job: Job) -> str:
    """What to do about a job that is left, after it was said that no worker is running."""
    if not is_small(job):
        return LARGE
    return f"To go on with it here: flask jobs resume {job.job_id[:8]}"


def words(job: Job) -> str:
    return f"{WaitReason.WORKER.sentence} {advice(job)}"


class Here:
    """At most one piece of the job at a time, beside whoever watches."""

    def __init__(self, job_id: str):
        self._job_id = job_id
        self._app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        self._pool = ThreadPoolExecutor(1, "slice")
        self._piece: Future[Any] | None = None

    @property
    def is_busy(self) -> bool:
        return self._piece is not None and not self._piece.done()

    def take_up(self) -> None:
        self._piece = self._pool.submit(self._in_app)

    def rest(self, seconds: float) -> None:
        """For so long, or until the piece is done."""
        if self._piece is None or self._piece.done():
            time.sleep(seconds)
        else:
            wait([self._piece], timeout=seconds)

    def leave(self) -> None:
        self._pool.shutdown(wait=False)

    def _in_app(self) -> None:
        """A fault of ours is in the log, and in the job, which is tried again: whoever watches is told by that."""
        with self._app.app_context():
            try:
                start(self._job_id)
            except Exception:
                log.exception("a slice on the command line went wrong", job_id=self._job_id)
