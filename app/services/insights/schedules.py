"""Schedules: which there are, beginning what is due, and what admins change about them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select, update

from app.database import now, tried_again, writing
from app.extensions import db, rows_changed
from app.logs import get_logger
from app.models import PipelineRun, RunKind, Schedule
from app.services import audit
from app.services.insights import cron, runs, stages
from app.services.insights.cron import BadCron
from app.services.insights.runs import Caller

log = get_logger(__name__)

LONGEST_GRACE_SECONDS = 7 * 24 * 3600
MOST_AT_ONCE = 50  # of missed runs that do not become one


class BadSchedule(ValueError):
    """`field` is the one that is wrong; the message says what is."""

    def __init__(self, field: str, words: str):
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class Timing:
    """What an admin says about a schedule."""

    cron: str
    zone: str
    grace_seconds: int
    coalesce: bool

    @classmethod
    def of(cls, schedule: Schedule) -> "Timing":
        return cls(schedule.cron, schedule.zone, schedule.grace_seconds, schedule.coalesce)


def known() -> list[Schedule]:
    """Those whose work there is, in their order."""
    found = db.session.scalars(select(Schedule).order_by(Schedule.place))
    return [one for one in found if stages.of(RunKind(one.kind))]


def named(schedule_id: str) -> Schedule | None:
    return next((one for one in known() if one.id == schedule_id), None)


def trigger(schedule: Schedule) -> str:
    return cron.trigger(schedule.cron)


def next_run(schedule: Schedule) -> datetime | None:
    """In the schedule's own zone; None while it is switched off."""
    if not schedule.enabled:
        return None
    at = schedule.next_run_at or cron.following(schedule.cron, schedule.tzinfo, now())
    return at.astimezone(schedule.tzinfo) if at else None


def last_run(schedule: Schedule) -> PipelineRun | None:
    """The newest of its runs, with what came of it."""
    return runs.last(PipelineRun.schedule_id == schedule.id)


def start_due() -> int:
    """Begin what is due; how many runs that are. Commits. Others may do the same at the same time."""
    begun = 0
    for schedule_id in _look():
        try:
            begun += _claim(schedule_id)
        except Exception:  # one that makes trouble does not hold up the others
            db.session.rollback()
            log.exception("a schedule could not be looked after", schedule=schedule_id)
    return begun


def _look() -> list[str]:
    at = now()
    found = [
        one.id for one in known() if one.enabled and (not one.next_run_at or one.next_run_at <= at)
    ]
    db.session.rollback()
    return found


@tried_again()
def _claim(schedule_id: str) -> int:
    """Move the schedule on to its next time. Whoever does that begins the run, in the same transaction."""
    db.session.rollback()
    try:
        with writing():
            begun = _begin(db.session.get_one(Schedule, schedule_id), now())
            db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return begun


def _begin(schedule: Schedule, at: datetime) -> int:
    due_at = schedule.next_run_at
    if not schedule.enabled or (due_at and due_at > at):
        return 0
    if due_at is None:
        _move_on(schedule, None, cron.following(schedule.cron, schedule.tzinfo, at))
        return 0
    grace = timedelta(seconds=schedule.grace_seconds)
    # From the time that was due, since a day's run must not come twice in an hour that does.
    since = max(due_at, at - grace - timedelta(days=1))
    moments = [due_at, *cron.between(schedule.cron, schedule.tzinfo, since, at)]
    if not _move_on(schedule, due_at, _after(schedule, since, at)):
        return 0
    in_time = [one for one in moments if at - one <= grace]
    wanted = in_time[-1:] if schedule.coalesce else in_time[-MOST_AT_ONCE:]
    if len(in_time) < len(moments) and not (wanted and schedule.coalesce):
        runs.note_missed(schedule, due_at)
    if wanted and schedule.coalesce and runs.is_waiting(schedule):
        return 0
    for moment in wanted:
        runs.wait_for_lane(schedule, moment)
    return len(wanted)


def _after(schedule: Schedule, since: datetime, at: datetime) -> datetime | None:
    found = cron.moments(schedule.cron, schedule.tzinfo, since)
    return next((one for one in found if one > at), None)


def _move_on(schedule: Schedule, due_at: datetime | None, to: datetime | None) -> bool:
    """False if another was quicker, or the schedule was changed meanwhile."""
    is_same = Schedule.next_run_at.is_(None) if due_at is None else Schedule.next_run_at == due_at
    here = update(Schedule).where(Schedule.id == schedule.id, Schedule.enabled, is_same)
    return rows_changed(here.values(next_run_at=to)) == 1


def run_now(schedule: Schedule, caller: Caller) -> str:
    """Begin a run beside the schedule's own, and give its id. Commits. Raises PipelineBusy."""
    asked = Caller(caller.user, caller.address, schedule)
    return runs.ask(RunKind(schedule.kind), asked)


def switch(schedule: Schedule, caller: Caller, *, enabled: bool) -> bool:
    """Switch it on or off. False if it was so already. The caller commits."""
    if schedule.enabled == enabled:
        return False
    schedule.enabled = enabled
    _set_next(schedule)
    action = "schedule.enable" if enabled else "schedule.disable"
    audit.record(caller.user, action, schedule.name, caller.address)
    return True


def edit(schedule: Schedule, timing: Timing, caller: Caller) -> bool:
    """Change when it runs. False if nothing is new. The caller commits. Raises BadSchedule."""
    timing = _checked(timing)
    before, after = vars(Timing.of(schedule)), vars(timing)
    if before == after:
        return False
    schedule.cron, schedule.zone = timing.cron, timing.zone
    schedule.grace_seconds, schedule.coalesce = timing.grace_seconds, timing.coalesce
    _set_next(schedule)
    noted: dict[str, Any] = {"before": before, "after": after}
    audit.record(caller.user, "schedule.change", schedule.name, caller.address, **noted)
    return True


def _checked(timing: Timing) -> Timing:
    if not 1 <= timing.grace_seconds <= LONGEST_GRACE_SECONDS:
        words = f"Type a whole number from 1 to {LONGEST_GRACE_SECONDS:,} seconds."
        raise BadSchedule("grace_seconds", words)
    zone = zone_named(timing.zone)
    try:
        text = cron.checked(timing.cron, zone, now())
    except BadCron as error:
        raise BadSchedule("cron", str(error)) from None
    return Timing(text, timing.zone, timing.grace_seconds, timing.coalesce)


def zone_named(name: str) -> tzinfo:
    """Raises BadSchedule."""
    if name != "UTC" and name not in available_timezones():
        words = "There is no such time zone. Use a name like Europe/Berlin or UTC."
        raise BadSchedule("zone", words)
    return UTC if name == "UTC" else ZoneInfo(name)


def _set_next(schedule: Schedule) -> None:
    schedule.updated_at = now()
    schedule.next_run_at = (
        cron.following(schedule.cron, schedule.tzinfo, now()) if schedule.enabled else None
    )
