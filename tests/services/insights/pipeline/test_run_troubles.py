"""Runs of the pipeline that meet trouble: each comes to an end, and says why."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.database import now, writing
from app.extensions import db
from app.models import AuditEvent, PipelineRun
from app.services.connection import NotConnected
from app.services.insights import pipeline, runs
from app.services.insights.lease import HeldRun, Lease
from app.services.insights.pipeline import MOST_SETBACKS, advance
from app.services.insights.stage import Progress, StageFailed
from app.zendesk.errors import Forbidden, NotNow, NotSent
from tests.services.insights.pipeline.conftest import expire, finish, raising

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


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
