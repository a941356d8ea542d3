"""A run of the pipeline: slice by slice, by one worker at a time, and to an end whatever happens."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine

from app.database import now, writing
from app.extensions import db
from app.models import AuditEvent, PipelineRun, Role, RunKind, Schedule, User
from app.services import leasing
from app.services.connection import NotConnected
from app.services.insights import pipeline, runs, schedules
from app.services.insights.lease import HeldRun, Lease
from app.services.insights.pipeline import MOST_SETBACKS, advance
from app.services.insights.runs import Caller, NothingToRun, PipelineBusy
from app.services.insights.stage import Progress, StageFailed
from app.services.leasing import LeaseLost
from app.zendesk.errors import Forbidden, NotNow, NotSent
from tests.services.insights.pipeline.conftest import NOBODY, finish

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def raising(error):
    def stage(_run, _until):
        raise error

    return stage


@pytest.fixture
def stage(monkeypatch, counting):
    """Let any function be a stage."""

    def make(function, name="sync"):
        counting(name)
        monkeypatch.setitem(pipeline.stages.STAGES, name, function)

    return make


def expire(run_id):
    """As if the worker had died that holds it."""
    with writing():
        db.session.query(PipelineRun).filter_by(run_id=run_id).update(
            {"lease_expires_at": now() - timedelta(1)}
        )
        db.session.commit()


def test_the_stages_that_are_there_run_in_their_order(counting, ask, run_of):
    seen = []
    for name in ("trends", "cluster", "analyse", "sync"):
        counting(name, to=1, at_each=lambda _, name=name: seen.append(name))

    run_id = ask(RunKind.PIPELINE)
    finish(run_id)

    run = run_of(run_id)
    assert seen == run.stages == ["sync", "analyse", "cluster", "trends"]
    assert (run.status, run.percent, run.lane) == ("completed", 100, None)
    assert run.result["cluster"] == {"counted": 1}
    assert run.completed_at >= run.started_at >= run.created_at


def test_a_stage_that_is_not_there_is_left_out(counting, ask, run_of):
    counting("cluster", to=1)

    assert run_of(ask(RunKind.PIPELINE)).stages == ["cluster"]
    with pytest.raises(NothingToRun):
        ask(RunKind.SYNC)


def test_a_run_goes_on_where_its_slice_ended(counting, ask, run_of):
    stage = counting(to=6, per_slice=4)
    run_id = ask()

    first = advance(run_id, is_stopping=iter([False, True]).__next__)

    run = run_of(run_id)
    assert (first, run.status, run.is_held, run.stage) == (0.0, "running", False, "sync")
    assert (run.of_stage("sync")["done"], run.of_stage("sync")["total"], run.percent) == (4, 6, 66)
    finish(run_id)
    assert stage.counted() == 6
    assert run_of(run_id).status == "completed"


def test_only_one_of_many_workers_takes_a_run(in_app, counting, ask):
    counting(to=1)
    run_id = ask()

    def take(_):
        with in_app.app_context():
            return Lease.take(run_id)

    with ThreadPoolExecutor(6) as pool:
        taken = [lease for lease in pool.map(take, range(6)) if lease]

    assert len(taken) == 1


def test_a_worker_that_lost_its_run_commits_nothing_more(counting, ask, run_of):
    counting(to=1)
    run_id = ask()
    first = HeldRun(Lease.take(run_id), {})
    expire(run_id)
    second = HeldRun(Lease.take(run_id), {})

    with writing(), pytest.raises(LeaseLost):
        first.check()
    db.session.rollback()

    with writing():
        second.check()
        db.session.commit()
    assert run_of(run_id).is_held


def test_a_stage_that_loses_its_run_half_way_leaves_its_last_step_undone(counting, ask, run_of):
    stage = counting(to=5, at_each=lambda number: number == 3 and another_takes(run_id))
    run_id = ask()

    def another_takes(run_id):
        run = db.session.query(PipelineRun).filter_by(run_id=run_id).one()
        run.fence += 1  # in the stage's own transaction, since SQLite has one writer

    assert advance(run_id) is None

    assert stage.counted() == 2


def test_the_heart_keeps_a_slice_that_outlasts_its_lease(monkeypatch, stage, ask):
    monkeypatch.setattr(leasing, "LEASE", timedelta(seconds=0.7))
    monkeypatch.setattr(leasing, "HEARTBEAT_SECONDS", 0.05)
    taken = []

    def long_stage(_run, _until):
        end = now() + timedelta(seconds=1)
        while now() < end:
            taken.append(Lease.take(run_id))
            time.sleep(0.05)
        return Progress(1, 1, is_over=True)

    stage(long_stage)
    run_id = ask()
    advance(run_id)

    assert set(taken) == {None}


def test_a_second_run_is_refused_and_told_what_is_running(counting, make_user, ask):
    counting("sync")
    counting("analyse")
    make_user("ada@giga.test", Role.ADMIN)
    ada = db.session.query(User).one()
    with time_machine.travel(NOON, tick=False):
        run_id = ask(RunKind.ANALYZE, Caller(ada))

    with pytest.raises(PipelineBusy) as refused:
        ask(RunKind.PIPELINE)

    assert str(refused.value) == (
        "An analysis has been waiting for a worker since 23 Nov 2026, 12:00 UTC, started by ada@giga.test. "
        "Try again when it is over."
    )
    assert refused.value.run_id == run_id


def test_of_many_who_ask_at_once_one_is_let_through(in_app, counting):
    counting()
    start = Barrier(4)

    def press(_):
        with in_app.app_context(), writing():
            start.wait()
            try:
                return runs.ask(RunKind.SYNC, NOBODY)
            except PipelineBusy:
                return None

    with ThreadPoolExecutor(4) as pool:
        begun = list(pool.map(press, range(4)))

    assert len([one for one in begun if one]) == 1
    assert db.session.query(AuditEvent).count() == 1


def test_a_run_of_another_lane_may_go_on_beside(counting, ask, run_of):
    counting("sync")
    counting("health", to=1)
    ask()

    health = ask(RunKind.HEALTH)
    finish(health)

    assert run_of(health).status == "completed"


def test_a_fault_is_tried_again_and_then_ends_the_run_without_its_words(stage, ask, run_of):
    stage(raising(KeyError("the words of a ticket")))
    run_id = ask()

    waits = [advance(run_id) for _ in range(MOST_SETBACKS)]

    run = run_of(run_id)
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60, 60, None]
    assert (run.status, run.error_code, run.lane) == ("failed", "KeyError", None)
    assert "10 times in a row in the stage “sync” (KeyError)" in run.error
    assert "words of a ticket" not in run.error
    assert ask()  # nothing stands in the way of the next


def test_a_fault_that_passes_is_forgotten(counting, monkeypatch, ask, run_of):
    counted, faults = counting(to=3), [1, 1, 1]

    def shaky(run, until):
        if faults:
            raise ValueError(faults.pop())
        return counted(run, until)

    monkeypatch.setitem(pipeline.stages.STAGES, "sync", shaky)
    run_id = ask()
    finish(run_id)

    run = run_of(run_id)
    assert (run.status, run.setbacks, run.error_code, run.error) == ("completed", 0, None, None)


def test_a_run_whose_workers_die_is_taken_up_again_and_not_for_ever(counting, ask, run_of):
    counting()
    run_id = ask()

    for _ in range(MOST_SETBACKS + 1):
        Lease.take(run_id)
        expire(run_id)
        assert runs.due() == [run_id]
    advance(run_id)

    run = run_of(run_id)
    assert (run.status, run.error_code, runs.due()) == ("failed", "worker_lost", [])
    assert "Its workers ended 10 times in a row" in run.error


def test_workers_that_die_but_get_on_are_no_setback(counting, ask, run_of):
    counting(to=30)
    run_id = ask()

    for _ in range(MOST_SETBACKS + 5):
        lease = Lease.take(run_id)
        with writing():
            HeldRun(lease, {}).check()
            db.session.commit()
        expire(run_id)
    finish(run_id)

    assert run_of(run_id).status == "completed"


def test_a_stage_that_does_nothing_does_not_do_so_for_ever(stage, ask, run_of):
    stage(lambda _run, _until: Progress(0, 5))
    run_id = ask()

    waits = [advance(run_id) for _ in range(MOST_SETBACKS)]

    assert waits[:3] + waits[-2:] == [2, 4, 8, 60, None]
    assert (run_of(run_id).error_code, run_of(run_id).wake_at) == ("worker_lost", None)


def test_a_stage_that_commits_gets_on_whatever_it_says(counting, stage, ask, run_of):
    counted = counting("trends", to=MOST_SETBACKS * 2, per_slice=1)

    def silent(run, until):
        progress = counted(run, until)
        return progress if progress.is_over else Progress(0)

    stage(silent)
    run_id = ask()

    assert advance(run_id) is None  # in one slice, without a wait

    assert run_of(run_id).status == "completed"


def test_a_stage_may_say_that_it_cannot_go_on(stage, ask, run_of):
    stage(raising(StageFailed("too_dear", "The cap on what Claude may cost is reached.")))
    run_id = ask()

    assert advance(run_id) is None

    run = run_of(run_id)
    assert (run.error_code, run.error) == (
        "too_dear",
        "The cap on what Claude may cost is reached.",
    )
    noted = db.session.query(AuditEvent).filter_by(action="pipeline.fail").one()
    assert noted.target == run_id


@pytest.mark.parametrize(
    ("error", "wait"), [(NotNow("minute", 7), 7), (NotSent("no connection"), 60)]
)
def test_what_passes_by_itself_is_waited_for(stage, ask, run_of, error, wait):
    stage(raising(error))
    run_id = ask()

    assert advance(run_id) == wait

    run = run_of(run_id)
    assert (run.status, run.setbacks, run.is_held) == ("running", 0, False)
    assert run.wake_at > now()
    assert runs.due() == []


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (NotConnected("Connect an account first."), "not_connected", "Connect an account first."),
        (Forbidden(403, "words of a ticket"), "zendesk", "Zendesk answered 403."),
    ],
)
def test_what_waiting_does_not_help_ends_the_run_in_words(stage, ask, run_of, error, code, words):
    stage(raising(error))
    run_id = ask()

    advance(run_id)

    run = run_of(run_id)
    assert (run.status, run.error_code) == ("failed", code)
    assert run.error == f"{words} What was done before is kept."


def test_a_run_that_waits_for_a_day_and_gets_no_further_is_given_up(stage, ask, run_of):
    stage(lambda _run, _until: Progress(0, wait_until=now() + timedelta(hours=1)))
    run_id = ask()

    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(26):
            advance(run_id)
            clock.shift(timedelta(hours=1))

    assert (run_of(run_id).status, run_of(run_id).error_code) == ("failed", "stalled")


def test_a_run_that_never_comes_to_an_end_is_ended(counting, ask, run_of):
    counting(to=100, per_slice=1)
    run_id = ask()
    one_step = iter([False, True] * 4).__next__

    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            advance(run_id, is_stopping=one_step)
            clock.shift(timedelta(days=7, hours=1))
            with writing():  # it gets on, but too slowly
                db.session.query(PipelineRun).update({"got_on_at": now()})
                db.session.commit()

    assert (run_of(run_id).status, run_of(run_id).error_code) == ("failed", "too_long")


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


def test_a_worker_that_is_to_stop_gives_the_run_back(counting, ask, run_of):
    counting(to=3)
    run_id = ask()

    assert advance(run_id, is_stopping=lambda: True) == 0.0

    assert (run_of(run_id).is_held, run_of(run_id).setbacks) == (False, 0)
