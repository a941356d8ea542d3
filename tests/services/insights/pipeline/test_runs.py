"""A run of the pipeline: slice by slice, by one worker at a time, and to an end whatever happens."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine

from app.database import now, writing
from app.extensions import db
from app.models import AuditEvent, PipelineRun, Role, RunKind, User
from app.services import leasing
from app.services.insights import runs
from app.services.insights.lease import HeldRun, Lease
from app.services.insights.pipeline import advance
from app.services.insights.runs import Caller, NothingToRun, PipelineBusy
from app.services.insights.stage import Progress
from app.services.leasing import LeaseLost
from tests.services.insights.pipeline.conftest import NOBODY, expire, finish

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


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


def test_each_stage_is_told_the_number_of_its_run(stage, ask, run_of):
    told = []

    def tell(run, _until):
        told.append(run.options)
        return Progress(1, 1, is_over=True)

    stage(tell)
    run_id = ask(batch_size=9)
    finish(run_id)

    assert told == [{"backfill_days": 7, "batch_size": 9, "run": run_of(run_id).id}]


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


def test_a_worker_that_is_to_stop_gives_the_run_back(counting, ask, run_of):
    counting(to=3)
    run_id = ask()

    assert advance(run_id, is_stopping=lambda: True) == 0.0

    assert (run_of(run_id).is_held, run_of(run_id).setbacks) == (False, 0)
