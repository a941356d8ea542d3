"""A run of the pipeline, slice by slice: what one task does for it before it gives way."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from app.database import now, tried_again, writing
from app.extensions import db, rows_changed
from app.logs import bound_contextvars, get_logger
from app.models import PipelineRun, RunKind, RunStatus
from app.services import audit
from app.services.connection import NotConnected
from app.services.insights import runs, stages
from app.services.insights.lease import HeldRun, LaneTaken, Lease
from app.services.insights.stage import Progress, StageFailed
from app.services.leasing import LeaseLost, fenced
from app.zendesk.errors import NotNow, RateLimited, ZendeskError

log = get_logger(__name__)

SLICE_SECONDS = 20.0
LONGEST_WAIT_SECONDS = 60.0
LANE_SECONDS = 10.0  # until a run that waits for another looks again
# In a row: faults of ours, workers that died, slices that came to nothing. Five minutes in all.
MOST_SETBACKS = 10
PATIENCE = timedelta(days=1)  # with a run that waits and gets no further
LONGEST = timedelta(days=14)
STAYS = "What was done before is kept."


def advance(
    run_id: str,
    seconds: float = SLICE_SECONDS,
    is_stopping: Callable[[], bool] = lambda: False,
) -> float | None:
    """Do a piece of the run, if it has something to do and nobody else is at it.

    Gives the seconds after which to go on; None if it is over, or another's.
    """
    with bound_contextvars(run_id=run_id):
        db.session.rollback()
        if _is_skipped(run_id):
            return None
        try:
            lease = Lease.take(run_id)
        except LaneTaken:
            return _let_wait(run_id)
        return _hold(lease, time.monotonic() + seconds, is_stopping) if lease else None


def _hold(lease: Lease, until: float, is_stopping: Callable[[], bool]) -> float | None:
    try:
        with lease.kept():
            wait = _work(lease, until, is_stopping)
        if wait is not None:
            _release(lease, wait)
        return wait
    except LeaseLost:
        log.info("the run was taken over by another worker")
        return None


def _work(lease: Lease, until: float, is_stopping: Callable[[], bool]) -> float | None:
    """Stage by stage, until the run waits, is over, or the slice is."""
    while time.monotonic() < until and not lease.is_lost and not is_stopping():
        run = lease.run()
        if why := _why_no_further(run):
            return _fail(lease, *why)
        name = run.next_stage
        if name is None:
            _complete(lease)
            return None
        _note_stage(lease, name)
        wait = _at_work(lease, run, name, until)
        if wait != 0.0:
            return wait
    return 0.0


def _at_work(lease: Lease, run: PipelineRun, name: str, until: float) -> float | None:
    """One piece of a stage, with all that may go wrong with it."""
    try:
        return _progress(lease, run, name, until)
    except LeaseLost:
        raise
    except StageFailed as error:
        return _fail(lease, error.code, str(error))
    except NotConnected as error:
        return _fail(lease, "not_connected", f"{error} {STAYS}")
    except ZendeskError as error:
        return _after(lease, error)
    except Exception as error:
        log.exception("a stage failed", stage=name)
        return _set_back(lease, type(error).__name__)
    finally:
        db.session.rollback()


def _progress(lease: Lease, run: PipelineRun, name: str, until: float) -> float | None:
    stage = stages.STAGES.get(name)
    if stage is None:
        words = f"This version of Giga Tools does not have the stage “{name}”. {STAYS}"
        raise StageFailed("stage_gone", words)
    held = HeldRun(lease, run.options | {"run": run.id})
    progress = stage(held, until)
    db.session.rollback()
    is_further = progress.done != run.of_stage(name).get("done")
    has_grown = progress.is_over or is_further or held.has_stepped
    _note_progress(lease, name, progress, has_grown)
    if progress.wait_until and not progress.is_over:
        return max(1.0, (progress.wait_until - now()).total_seconds())
    return 0.0 if has_grown else _set_back(lease, None)


def _after(lease: Lease, error: ZendeskError) -> float | None:
    """How long to wait after a call to Zendesk that failed. None if waiting cannot help: then the run has failed."""
    if isinstance(error, NotNow):
        return max(1.0, error.seconds)
    if isinstance(error, RateLimited):
        return max(1.0, error.retry_after)
    if error.can_retry:
        return LONGEST_WAIT_SECONDS
    return _fail(lease, "zendesk", f"{str(error).partition(': ')[0].rstrip('.')}. {STAYS}")


def _why_no_further(run: PipelineRun) -> tuple[str, str] | None:
    """The code and the sentence, where a run is given up: nothing stays running for ever."""
    since = now()
    if run.setbacks >= MOST_SETBACKS:
        return _given_up(run)
    if run.got_on_at and since - run.got_on_at > PATIENCE:
        return "stalled", f"It has got no further for a day. {STAYS} Run it again."
    if run.started_at and since - run.started_at > LONGEST:
        return "too_long", f"It was not over after {LONGEST.days} days. {STAYS} Run it again."
    return None


def _given_up(run: PipelineRun) -> tuple[str, str]:
    where = f"in the stage “{run.stage}”"
    if run.error_code:
        words = f"Something went wrong on our side {MOST_SETBACKS} times in a row {where} ({run.error_code})."
        advice = "An admin finds the cause in the worker's log. Then run it again."
        return run.error_code, f"{words} {STAYS} {advice}"
    words = f"Its workers ended {MOST_SETBACKS} times in a row, or came to nothing, {where}."
    return "worker_lost", f"{words} {STAYS} See whether they have enough memory, and run it again."


def _set_back(lease: Lease, code: str | None) -> float | None:
    """Wait a little longer each time; None once the run is given up."""
    setbacks = _note_setback(lease, lease.run().setbacks + 1, code)
    if setbacks >= MOST_SETBACKS:
        return _fail(lease, *_given_up(lease.run()))
    return min(2.0**setbacks, LONGEST_WAIT_SECONDS)


@fenced
def _note_stage(_lease: Lease, run: PipelineRun, name: str) -> None:
    run.stage = name


@fenced
def _note_setback(_lease: Lease, run: PipelineRun, number: int, code: str | None) -> int:
    """How many there are by now, and not one more: a transaction may run twice."""
    run.setbacks = number
    run.error_code = code or run.error_code
    return number


@fenced
def _note_progress(
    _lease: Lease, run: PipelineRun, name: str, progress: Progress, has_grown: bool
) -> None:
    run.progress = run.progress | {
        name: {
            "done": progress.done,
            "total": progress.total,
            "is_over": progress.is_over,
            "result": progress.result,
        }
    }
    if has_grown:
        run.setbacks, run.error_code, run.got_on_at = 0, None, now()


@fenced
def _release(_lease: Lease, run: PipelineRun, wait: float) -> None:
    run.lease_owner = run.lease_expires_at = None
    run.wake_at = now() + timedelta(seconds=wait)


@fenced
def _complete(_lease: Lease, run: PipelineRun) -> None:
    _end(run, RunStatus.COMPLETED)


def _fail(lease: Lease, code: str, words: str) -> None:
    _write_failure(lease, code, words)
    log.warning("the run failed", code=code)


@fenced
def _write_failure(_lease: Lease, run: PipelineRun, code: str, words: str) -> None:
    run.error_code, run.error = code, words
    _end(run, RunStatus.FAILED)
    audit.record(None, "pipeline.fail", run.run_id, kind=run.kind, error=words)


def _end(run: PipelineRun, status: RunStatus) -> None:
    run.status, run.completed_at = status, now()
    run.lane = run.lease_owner = run.lease_expires_at = run.wake_at = None


def _is_skipped(run_id: str) -> bool:
    """End a run that was to begin by now, and has not: because of another, or since no worker was there."""
    run = runs.by_id(run_id)
    if run is None or run.status != RunStatus.PENDING or not _is_late(run):
        return False
    code, words = "no_worker", "No worker was there to begin it in time."
    if other := runs.under_way(RunKind(run.kind).lane):
        code, words = "busy", f"It waited for another run for too long. {runs.described(other)}"
    over = {"status": RunStatus.SKIPPED, "completed_at": now(), "wake_at": None}
    _alter_pending(run_id, error_code=code, error=words, **over)
    return True


def _is_late(run: PipelineRun) -> bool:
    return run.begins_by is not None and run.begins_by < now()


def _let_wait(run_id: str) -> float:
    """Another run has the lane: look again in a while."""
    _alter_pending(run_id, wake_at=now() + timedelta(seconds=LANE_SECONDS))
    return LANE_SECONDS


@tried_again()
def _alter_pending(run_id: str, **values: Any) -> None:
    db.session.rollback()
    is_pending = PipelineRun.status == RunStatus.PENDING, ~PipelineRun.is_held
    with writing():
        rows_changed(
            update(PipelineRun).where(PipelineRun.run_id == run_id, *is_pending).values(**values)
        )
        db.session.commit()
