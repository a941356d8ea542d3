"""Runs of the pipeline: asking for one, finding out which is under way, and what the last ones came to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from app.database import now
from app.extensions import db
from app.models import UNDER_WAY, PipelineRun, RunKind, RunStatus, Schedule, User
from app.services import audit
from app.services.insights import stages

BACKFILL_DAYS = (1, 3650)
BATCH_SIZE = (1, 5000)
DEFAULTS = {"backfill_days": 7, "batch_size": 500}
TO_TAKE_IT_UP = timedelta(minutes=1)  # a worker has at least, however late a run is
PIPELINE = RunKind.PIPELINE.lane

_WORDS = {
    RunKind.SYNC: "A sync",
    RunKind.ANALYZE: "An analysis",
    RunKind.PIPELINE: "A run of the whole pipeline",
    RunKind.TRENDS: "An update of the trends",
    RunKind.REPORT: "A report",
    RunKind.CLEANUP: "A cleanup",
    RunKind.HEALTH: "A health check",
}


class NothingToRun(Exception):
    """None of the stages that were asked for is there."""


class PipelineBusy(Exception):
    """Another run is under way, and its message says which. `run_id` is None if it has just ended."""

    def __init__(self, run: PipelineRun | None):
        super().__init__(f"{described(run)} Try again when it is over." if run else _JUST_ENDED)
        self.run_id = run.run_id if run else None


_JUST_ENDED = "Another run was under way until this moment. Try again."


@dataclass(frozen=True)
class Caller:
    """Who asks, and from where. No user: the command line."""

    user: User | None
    address: str = ""
    schedule: Schedule | None = None


def ask(
    kind: RunKind,
    caller: Caller,
    options: Mapping[str, int] | None = None,
    only: Iterable[str] = (),
) -> str:
    """Make a run that a worker is to take up, and give its id. Commits. Raises PipelineBusy, NothingToRun.

    Whoever asks second is refused by the database, not by a look before.
    """
    found = stages.of(kind, only)
    if not found:
        raise NothingToRun("There is nothing to run for this yet.")
    run = PipelineRun(
        kind=kind,
        stages=found,
        options=DEFAULTS | dict(options or {}),
        lane=kind.lane,
        requested_by=caller.user,
        schedule=caller.schedule,
    )
    db.session.add(run)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise PipelineBusy(under_way(kind.lane)) from None
    _note(run, caller)
    run_id = run.run_id  # to read it after the commit would begin a transaction that may write
    db.session.commit()
    return run_id


def _note(run: PipelineRun, caller: Caller) -> None:
    of_schedule = {"schedule": caller.schedule.name} if caller.schedule else {}
    detail = {"kind": run.kind, "stages": run.stages, "options": run.options}
    audit.record(caller.user, "pipeline.run", run.run_id, caller.address, **detail, **of_schedule)


def wait_for_lane(schedule: Schedule, due_at: datetime) -> None:
    """Make a run that begins when its lane is free, and within the schedule's grace. The caller commits."""
    kind = RunKind(schedule.kind)
    grace = timedelta(seconds=schedule.grace_seconds)
    db.session.add(
        PipelineRun(
            kind=kind,
            stages=stages.of(kind),
            options=dict(DEFAULTS),
            schedule_id=schedule.id,
            due_at=due_at,
            begins_by=max(due_at + grace, now() + TO_TAKE_IT_UP),
        )
    )


def is_waiting(schedule: Schedule) -> bool:
    """Has the schedule a run already that waits to begin, and still may?"""
    waiting = exists().where(
        PipelineRun.schedule_id == schedule.id,
        PipelineRun.status == RunStatus.PENDING,
        PipelineRun.begins_by > now(),
    )
    return bool(db.session.scalar(select(waiting)))


def note_missed(schedule: Schedule, due_at: datetime) -> None:
    """Keep that the schedule's run was not begun, since nobody was there in time. The caller commits."""
    db.session.add(
        PipelineRun(
            kind=schedule.kind,
            stages=stages.of(RunKind(schedule.kind)),
            schedule_id=schedule.id,
            due_at=due_at,
            status=RunStatus.SKIPPED,
            completed_at=now(),
            error_code="missed",
            error=(
                f"It was due at {_moment(due_at)}, and beat was not there to begin it within "
                f"{schedule.grace_seconds:,} s. It was not run later."
            ),
        )
    )


def under_way(lane: str = PIPELINE) -> PipelineRun | None:
    """The run that has the lane now."""
    return db.session.scalar(select(PipelineRun).where(PipelineRun.lane == lane))


@dataclass(frozen=True)
class Look:
    """The newest run of the pipeline that was begun, the last that is over, and the last that was completed."""

    newest: PipelineRun | None
    ended: PipelineRun | None
    completed: PipelineRun | None

    @property
    def is_running(self) -> bool:
        return self.newest is not None and not self.newest.is_over

    def as_json(self) -> dict[str, Any]:
        """What programs are told of it."""
        newest = self.newest
        return {
            "status": "running" if self.is_running else "idle",
            "progress": newest.percent if newest else 0,
            "is_running": self.is_running,
            "started_at": _iso(newest.started_at) if newest else None,
            "completed_at": _iso(newest.completed_at) if newest else None,
            "last_result": self.completed.result if self.completed else None,
            "last_error": self.ended.error if self.ended else None,
        }


def look() -> Look:
    """How the pipeline stands. A run that waits for its lane has not begun, nor has one that was skipped."""
    of_pipeline = PipelineRun.kind.in_([one for one in RunKind if one.lane == PIPELINE])
    ended = last(of_pipeline, PipelineRun.status.in_([RunStatus.COMPLETED, RunStatus.FAILED]))
    completed = last(of_pipeline, PipelineRun.status == RunStatus.COMPLETED)
    return Look(under_way() or ended, ended, completed)


def described(run: PipelineRun) -> str:
    """What it is, since when, and who began it, in a sentence."""
    what = _WORDS[RunKind(run.kind)]
    since = _moment(run.started_at or run.created_at)
    has_begun = "has been running" if run.started_at else "has been waiting for a worker"
    return f"{what} {has_begun} since {since}, started by {run.started_by}."


def by_id(run_id: str) -> PipelineRun | None:
    return db.session.scalar(select(PipelineRun).where(PipelineRun.run_id == run_id))


def last(*conditions: Any) -> PipelineRun | None:
    """Of those that meet the conditions the one that ended last, or is not over."""
    order = PipelineRun.completed_at.desc().nulls_first(), PipelineRun.id.desc()
    return db.session.scalar(select(PipelineRun).where(*conditions).order_by(*order).limit(1))


def not_over() -> list[PipelineRun]:
    """Those that wait for their turn or have begun, the oldest first."""
    found = select(PipelineRun).where(PipelineRun.status.in_(UNDER_WAY))
    return list(db.session.scalars(found.order_by(PipelineRun.id)))


def latest(number: int = 10) -> list[PipelineRun]:
    """Those that ended last, without the health checks: these come every five minutes."""
    is_told = PipelineRun.status.not_in(UNDER_WAY), PipelineRun.kind != RunKind.HEALTH
    order = PipelineRun.completed_at.desc(), PipelineRun.id.desc()
    return list(
        db.session.scalars(select(PipelineRun).where(*is_told).order_by(*order).limit(number))
    )


def due() -> list[str]:
    """The runs that have something to do, that nobody is at, and whose time to be woken has come."""
    found = (
        select(PipelineRun.run_id)
        .where(PipelineRun.status.in_(UNDER_WAY), ~PipelineRun.is_held)
        .where(PipelineRun.wake_at.is_(None) | (PipelineRun.wake_at <= now()))
        .order_by(PipelineRun.id)
    )
    return list(db.session.scalars(found))


def _moment(at: datetime) -> str:
    return f"{at:%d %b %Y, %H:%M} UTC"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
