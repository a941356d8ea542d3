"""Waking workers for runs of the pipeline, with and without a broker, and when one of them is killed."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.database import now, writing
from app.extensions import db
from app.models import PipelineRun, RunKind, Schedule
from app.services.insights import runs, stages
from app.services.insights.runs import Caller
from app.tasks import shutdown
from app.tasks.pipeline_tasks import advance_pipeline, launch
from app.tasks.upkeep import upkeep
from tests.deploy.processes import descendants
from tests.services.insights.pipeline import counting_worker
from tests.services.insights.pipeline.conftest import wait_for
from tests.services.insights.pipeline.counting import Counting
from tests.tasks.test_launching import queued, without_redis

__all__ = ["without_redis"]
TASK = "app.tasks.pipeline_tasks.advance_pipeline"
CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def counting(monkeypatch, in_app):
    stage = Counting("sync")
    monkeypatch.setitem(stages.STAGES, "sync", stage)
    return stage


@pytest.fixture
def run_id(counting):
    with writing():
        return runs.ask(RunKind.SYNC, Caller(None))


def seen(run_id):
    db.session.rollback()
    return db.session.query(PipelineRun).filter_by(run_id=run_id).populate_existing().one()


def test_the_message_has_the_id_alone_and_goes_to_a_queue_of_its_own(run_id):
    assert launch(run_id)

    assert queued("pipeline") == [(TASK, f"['{run_id}']")]
    assert runs.due() == []  # until the message would be lost


def test_the_plain_worker_takes_from_every_queue_that_is_sent_to(app):
    celery = app.extensions["celery"]

    assert "pipeline" in celery.amqp.queues
    assert celery.conf.task_routes["app.tasks.pipeline_tasks.*"] == {"queue": "pipeline"}


def test_a_slice_that_is_over_before_its_run_asks_for_the_next(counting, run_id, monkeypatch):
    monkeypatch.setattr(shutdown, "_asked", SimpleNamespace(value=1))

    advance_pipeline(run_id)

    assert queued("pipeline") == [(TASK, f"['{run_id}']")]


def test_a_run_is_done_by_its_task(counting, run_id):
    advance_pipeline(run_id)

    assert seen(run_id).status == "completed"
    assert queued("pipeline") == []


def test_without_redis_the_run_is_due_when_it_is_back(run_id, without_redis):
    assert not launch(run_id)

    assert runs.due() == [run_id]


def test_upkeep_wakes_a_run_whose_message_was_lost(run_id):
    upkeep()

    assert queued("pipeline") == [(TASK, f"['{run_id}']")]


def test_upkeep_begins_what_is_due(counting):
    with writing():
        due = {"next_run_at": now() - timedelta(seconds=1)}
        db.session.query(Schedule).filter_by(id="daily_sync").update(due)
        db.session.commit()

    upkeep()

    (run,) = db.session.query(PipelineRun).all()
    assert queued("pipeline") == [(TASK, f"['{run.run_id}']")]


@contextmanager
def worker(app):
    """A real one, in a process of its own."""
    env = os.environ | {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "REDIS_URL": app.config["REDIS_URL"],
        "SECRET_KEY": app.config["SECRET_KEY"],
    }
    command = [sys.executable, "-m", "celery", "-A", counting_worker.__name__, "worker"]
    options = ["--concurrency=1", "--without-gossip", "--without-mingle"]
    process = subprocess.Popen(
        [*command, *options],
        cwd=CHECKOUT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        _kill(process)


def _kill(process):
    for one in [process.pid, *descendants(process.pid)]:
        if one == process.pid and process.poll() is not None:
            continue
        os.kill(one, signal.SIGKILL)
    process.wait(10)


@pytest.mark.long
def test_a_run_whose_worker_is_killed_is_taken_up_by_the_next_and_doubles_nothing(
    app, counting, run_id
):
    counting.to = counting_worker.TO
    launch(run_id)
    with worker(app):
        wait_for(lambda: counting.counted() > 3, seconds=60)
    reached = counting.counted()
    assert 3 < reached < counting.to
    assert seen(run_id).status == "running"

    with worker(app):
        wait_for(lambda: seen(run_id).is_held is False)
        upkeep()
        wait_for(lambda: seen(run_id).is_over, seconds=60)

    run = seen(run_id)
    assert (run.status, run.result) == ("completed", {"sync": {"counted": counting.to}})
    assert counting.counted() == counting.to
