"""A stage to be run: it counts, in steps that are committed each by itself. Runs of it, slice by slice."""

import time
from datetime import timedelta

import pytest

from app.database import now, writing
from app.extensions import db
from app.models import PipelineRun, RunKind, Schedule
from app.services.insights import pipeline, runs, stages
from app.services.insights.runs import Caller
from tests.services.insights.pipeline.counting import Counting

NOBODY = Caller(None)


@pytest.fixture
def counting(monkeypatch, in_app):
    """Make a stage by this name that counts."""

    def make(name="sync", **how):
        stage = Counting(name, **how)
        monkeypatch.setitem(stages.STAGES, name, stage)
        return stage

    return make


@pytest.fixture(autouse=True)
def no_stages(monkeypatch):
    """Only those that a test has made."""
    for name in list(stages.STAGES):
        monkeypatch.delitem(stages.STAGES, name)


@pytest.fixture
def ask(in_app):
    def ask(kind=RunKind.SYNC, caller=NOBODY, **options):
        with writing():
            return runs.ask(kind, caller, options)

    return ask


@pytest.fixture
def run_of(in_app):
    """The run as it is now."""

    def run_of(run_id):
        db.session.rollback()
        db.session.expire_all()
        return db.session.query(PipelineRun).filter_by(run_id=run_id).one()

    return run_of


@pytest.fixture
def schedule(in_app):
    """One of the schedules, as it is now."""

    def schedule(schedule_id="daily_sync"):
        db.session.rollback()
        return db.session.get(Schedule, schedule_id, populate_existing=True)

    return schedule


def finish(run_id, slices=50):
    """Slice after slice, without the waits between them."""
    for _ in range(slices):
        if pipeline.advance(run_id, seconds=5) is None:
            return
    raise AssertionError("it does not end")


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def raising(error):
    def stage(_run, _until):
        raise error

    return stage


@pytest.fixture
def stage(monkeypatch, counting):
    """Let any function be a stage."""

    def make(function, name="sync"):
        counting(name)
        monkeypatch.setitem(stages.STAGES, name, function)

    return make


def expire(run_id):
    """As if the worker had died that holds it."""
    with writing():
        db.session.query(PipelineRun).filter_by(run_id=run_id).update(
            {"lease_expires_at": now() - timedelta(1)}
        )
        db.session.commit()
