"""Schedules: beginning what is due, once, and no later than is wanted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine

from app.database import now, writing
from app.extensions import db
from app.models import AuditEvent, PipelineRun, RunKind, Schedule
from app.services.insights import schedules
from app.services.insights.runs import Caller, PipelineBusy
from app.services.insights.schedules import BadSchedule, Timing
from tests.services.insights.pipeline.conftest import NOBODY, finish

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def work(counting):
    """There is something to do for “daily_sync”."""
    counting("sync", to=1)


def alter(schedule_id="daily_sync", **values):
    with writing():
        db.session.query(Schedule).filter_by(id=schedule_id).update(values)
        db.session.commit()


def all_runs():
    db.session.rollback()
    return db.session.query(PipelineRun).order_by(PipelineRun.id).all()


def test_only_what_there_is_work_for_is_there(counting):
    assert [one.id for one in schedules.known()] == ["daily_sync"]

    counting("trends")

    assert [one.id for one in schedules.known()] == ["daily_sync", "hourly_trends"]
    assert [schedules.trigger(one) for one in schedules.known()] == [
        "cron[hour='2', minute='0']",
        "cron[minute='0']",
    ]


def test_a_schedule_begins_when_its_time_has_come_and_not_before(schedule):
    with time_machine.travel(NOON, tick=False) as clock:
        assert schedules.start_due() == 0
        assert schedule().next_run_at == datetime(2026, 11, 24, 2, tzinfo=UTC)
        clock.move_to(datetime(2026, 11, 24, 1, 59, 59, tzinfo=UTC))
        assert schedules.start_due() == 0

        clock.move_to(datetime(2026, 11, 24, 2, 0, 4, tzinfo=UTC))
        assert (schedules.start_due(), schedules.start_due()) == (1, 0)

    (run,) = all_runs()
    assert (run.kind, run.status, run.schedule_id) == (RunKind.PIPELINE, "pending", "daily_sync")
    assert run.due_at == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert schedule().next_run_at == datetime(2026, 11, 25, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day_before", "due", "next_one"),
    [
        ("2026-03-28T12:00+00:00", "2026-03-29T01:00+00:00", "2026-03-30T00:30+00:00"),
        ("2026-10-24T12:00+00:00", "2026-10-25T00:30+00:00", "2026-10-26T01:30+00:00"),
    ],
)
def test_half_past_two_in_berlin_runs_once_where_clocks_are_changed(
    schedule, day_before, due, next_one
):
    alter(cron="30 2 * * *", zone="Europe/Berlin", next_run_at=None)
    begun = []

    with time_machine.travel(datetime.fromisoformat(day_before), tick=False) as clock:
        for _ in range(20 * 4):  # until eight o'clock
            if schedules.start_due():
                begun.append(now())
            clock.shift(timedelta(minutes=15))

    assert begun == [datetime.fromisoformat(due)]
    assert schedule().next_run_at == datetime.fromisoformat(next_one)


def test_what_was_missed_in_the_hour_that_comes_twice_still_runs_once(schedule):
    alter(cron="30 2 * * *", zone="Europe/Berlin", next_run_at=None)

    with time_machine.travel("2026-10-24T12:00Z", tick=False) as clock:
        schedules.start_due()
        for at in ("01:10", "01:31"):  # beat was away in the first of them: 02:10 and 02:31 again
            clock.move_to(f"2026-10-25T{at}:00Z")
            schedules.start_due()

    assert len(all_runs()) == 1


def test_two_beats_at_the_same_moment_begin_one_run(in_app):
    def beat(start):
        with in_app.app_context():
            start.wait()
            return schedules.start_due()

    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            alter(next_run_at=now() - timedelta(minutes=1), coalesce=False)
            assert sum(pool.map(beat, [Barrier(2)] * 2)) == 1

    assert len(all_runs()) == 10


def test_what_was_missed_begins_late_if_it_is_within_its_grace(schedule):
    with time_machine.travel(NOON, tick=False):
        alter(next_run_at=NOON - timedelta(minutes=59))
        assert schedules.start_due() == 1

    (run,) = all_runs()
    assert run.due_at == NOON - timedelta(minutes=59)


def test_what_was_missed_for_longer_is_kept_as_missed(schedule):
    with time_machine.travel(NOON, tick=False):
        alter(next_run_at=NOON - timedelta(minutes=61))
        assert schedules.start_due() == 0

    (run,) = all_runs()
    assert (run.status, run.error_code) == ("skipped", "missed")
    assert "It was due at 23 Nov 2026, 10:59 UTC" in run.error
    assert schedule().next_run_at > NOON


@pytest.mark.parametrize(
    ("coalesce", "due", "missed"), [(True, [0], []), (False, [30, 15, 0], [135])]
)
def test_several_missed_runs_become_one_where_that_is_wanted(coalesce, due, missed):
    with time_machine.travel(NOON, tick=False):
        before = NOON - timedelta(minutes=135)
        alter(cron="*/15 * * * *", next_run_at=before, coalesce=coalesce, grace_seconds=1800)
        schedules.start_due()

    def minutes(status):
        return [
            (NOON - one.due_at).total_seconds() / 60 for one in all_runs() if one.status == status
        ]

    assert minutes("pending") == due
    assert minutes("skipped") == missed


def test_a_year_without_beat_is_over_in_a_moment(schedule, statements):
    with time_machine.travel(NOON, tick=False):
        alter(cron="* * * * *", next_run_at=NOON - timedelta(days=365), coalesce=False)

        asked = statements(schedules.start_due)

    assert len(all_runs()) == schedules.MOST_AT_ONCE + 1
    assert len(asked) < 80


def test_what_is_switched_off_does_not_begin(schedule):
    assert schedules.switch(schedule(), NOBODY, enabled=False)
    db.session.commit()
    alter(next_run_at=now() - timedelta(minutes=1))

    assert schedules.start_due() == 0
    assert all_runs() == []


def test_a_schedule_that_cannot_be_read_holds_up_no_other(counting, schedule):
    counting("trends")
    alter(zone="Atlantis/Center", next_run_at=now() - timedelta(minutes=1))
    alter("hourly_trends", next_run_at=now() - timedelta(minutes=1))

    assert schedules.start_due() == 1


def test_switching_on_again_begins_with_the_next_time(schedule, make_user):
    with time_machine.travel(NOON, tick=False):
        for enabled in (False, True):
            with writing():
                assert schedules.switch(schedule(), NOBODY, enabled=enabled)
                db.session.commit()

    assert schedule().next_run_at == datetime(2026, 11, 24, 2, tzinfo=UTC)
    noted = [one.action for one in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert noted == ["schedule.disable", "schedule.enable"]


def test_an_edit_holds_at_once_and_is_noted(schedule):
    with time_machine.travel(NOON, tick=False), writing():
        timing = Timing(" 30  4 * *  1 ", "Europe/Berlin", 600, coalesce=False)
        assert schedules.edit(schedule(), timing, Caller(None, "127.0.0.1"))
        db.session.commit()

    changed = schedule()
    assert (changed.cron, changed.zone) == ("30 4 * * 1", "Europe/Berlin")
    assert changed.next_run_at == datetime(2026, 11, 30, 3, 30, tzinfo=UTC)
    noted = db.session.query(AuditEvent).one()
    assert (noted.action, noted.target) == ("schedule.change", "Daily Zendesk Sync")
    assert noted.detail["before"]["cron"] == "0 2 * * *"
    assert noted.detail["after"]["cron"] == "30 4 * * 1"


@pytest.mark.parametrize(
    ("timing", "field", "words"),
    [
        (Timing("0 2 * *", "UTC", 60, coalesce=True), "cron", "five parts"),
        (Timing("0 0 31 4,6 *", "UTC", 60, coalesce=True), "cron", "never run"),
        (Timing("0 2 * * *", "Mars/Base", 60, coalesce=True), "zone", "no such time zone"),
        (Timing("0 2 * * *", "/etc/passwd", 60, coalesce=True), "zone", "no such time zone"),
        (Timing("0 2 * * *", "UTC", 0, coalesce=True), "grace_seconds", "from 1 to 604,800"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_with_its_field(schedule, timing, field, words):
    with pytest.raises(BadSchedule, match=words) as refused:
        schedules.edit(schedule(), timing, NOBODY)

    assert refused.value.field == field
    assert schedule().cron == "0 2 * * *"


def test_run_now_runs_beside_the_schedule_and_is_noted(schedule, run_of):
    before = schedule().next_run_at
    with writing():
        run_id = schedules.run_now(schedule(), NOBODY)

    with writing(), pytest.raises(PipelineBusy, match="the schedule “Daily Zendesk Sync”"):
        schedules.run_now(schedule(), NOBODY)
    finish(run_id)

    assert schedules.last_run(schedule()).status == "completed"
    assert schedule().next_run_at == before
    noted = db.session.query(AuditEvent).one()
    assert (noted.action, noted.detail["schedule"]) == ("pipeline.run", "Daily Zendesk Sync")


@pytest.mark.parametrize(("coalesce", "waiting"), [(True, 1), (False, 3)])
def test_what_waits_for_its_lane_and_is_due_again_is_one_run_where_that_is_wanted(
    counting, ask, coalesce, waiting
):
    with time_machine.travel(NOON, tick=False) as clock:
        ask()  # this has the lane
        alter(cron="*/15 * * * *", next_run_at=NOON, coalesce=coalesce)
        for _ in range(3):
            schedules.start_due()
            clock.shift(timedelta(minutes=15))

    assert len([one for one in all_runs() if one.schedule_id]) == waiting
