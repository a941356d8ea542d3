"""Runs of the pipeline that a schedule begins, and others that go on then."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.database import writing
from app.extensions import db
from app.models import PipelineRun, Schedule
from app.services.insights import pipeline, runs, schedules
from app.services.insights.pipeline import advance
from tests.services.insights.pipeline.conftest import finish

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def begun_by_schedule(in_app, counting, run_of):
    """A run that “daily_sync” wants to begin, at noon."""

    def begin():
        with writing():
            db.session.query(Schedule).filter_by(id="daily_sync").update({"next_run_at": NOON})
            db.session.commit()
        assert schedules.start_due() == 1
        return db.session.query(PipelineRun).order_by(PipelineRun.id.desc()).first().run_id

    return begin


def test_a_scheduled_run_waits_for_the_one_that_goes_on(counting, ask, run_of, begun_by_schedule):
    counting(to=1)
    with time_machine.travel(NOON, tick=False) as clock:
        first = ask()
        second = begun_by_schedule()
        assert advance(second) == pipeline.LANE_SECONDS
        assert run_of(second).status == "pending"

        clock.shift(timedelta(minutes=50))
        finish(first)
        finish(second)

    assert [run_of(one).status for one in (first, second)] == ["completed", "completed"]


def test_a_scheduled_run_that_waited_for_its_grace_is_skipped_with_the_reason(
    counting, ask, run_of, begun_by_schedule
):
    counting(to=1)
    with time_machine.travel(NOON, tick=False) as clock:
        ask()
        second = begun_by_schedule()
        assert advance(second) == pipeline.LANE_SECONDS

        clock.shift(timedelta(minutes=61))
        assert second in runs.due()
        assert advance(second) is None

    run = run_of(second)
    assert (run.status, run.error_code) == ("skipped", "busy")
    assert "A sync has been waiting for a worker since 23 Nov 2026, 12:00 UTC" in run.error


def test_a_scheduled_run_that_no_worker_took_up_in_time_is_skipped(
    counting, run_of, begun_by_schedule
):
    counting(to=1)
    with time_machine.travel(NOON, tick=False) as clock:
        run_id = begun_by_schedule()
        clock.shift(timedelta(minutes=61))
        assert advance(run_id) is None

    assert (run_of(run_id).status, run_of(run_id).error_code) == ("skipped", "no_worker")
