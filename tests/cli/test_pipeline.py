"""`flask pipeline`: runs on the command line."""

import json
from threading import Event, Thread

import pytest

from app.database import writing
from app.extensions import db
from app.models import AuditEvent, PipelineRun, RunKind
from app.services import presence
from app.services.insights import pipeline, runs, stages
from app.services.insights.runs import Caller
from app.services.insights.stage import StageFailed
from tests.services.insights.pipeline.counting import Counting
from tests.test_cli import run


@pytest.fixture(autouse=True)
def stages_that_count(monkeypatch, in_app):
    presence.worker_is_here("a worker")
    for name in list(stages.STAGES):
        monkeypatch.delitem(stages.STAGES, name)
    for name in ("sync", "analyse", "cluster", "trends"):
        monkeypatch.setitem(stages.STAGES, name, Counting(name, to=3))


@pytest.fixture
def worker(app):
    """Somebody who does what is due, in a thread."""
    is_over = Event()

    def work():
        with app.app_context():
            while not is_over.wait(0.05):
                for run_id in _under_way():
                    pipeline.advance(run_id)

    thread = Thread(target=work)
    thread.start()
    yield
    is_over.set()
    thread.join()


def _under_way():
    db.session.rollback()
    run = runs.under_way()
    return [run.run_id] if run else []


def the_run():
    db.session.rollback()
    return db.session.query(PipelineRun).order_by(PipelineRun.id.desc()).first()


@pytest.mark.parametrize(
    ("words", "kind", "wanted"),
    [
        ([], RunKind.PIPELINE, ["sync", "analyse", "cluster", "trends"]),
        (["--stage", "sync"], RunKind.SYNC, ["sync"]),
        (["--stage", "analyse"], RunKind.ANALYZE, ["analyse"]),
        (["--stage", "cluster"], RunKind.PIPELINE, ["cluster"]),
        (["--stage", "trends", "--stage", "sync"], RunKind.PIPELINE, ["sync", "trends"]),
    ],
)
def test_a_run_is_of_the_stages_that_were_asked_for(app, words, kind, wanted):
    result = run(app, "pipeline", "run", "--backfill-days", "30", *words)

    assert result.exit_code == 0, result.output
    assert "has been waiting for a worker since" in result.output
    asked = the_run()
    assert (asked.kind, asked.stages) == (kind, wanted)
    assert asked.options == {"backfill_days": 30, "batch_size": 500}
    assert db.session.query(AuditEvent).one().address == "command line"


def test_a_run_that_is_waited_for_tells_what_came_of_it(app, worker):
    result = run(app, "pipeline", "run", "--wait", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (told["status"], told["progress"]) == ("completed", 100)
    assert told["result"]["trends"] == {"counted": 3}


def test_a_run_that_fails_says_why_and_exits_with_four(app, worker, monkeypatch):
    monkeypatch.setitem(stages.STAGES, "sync", _gone)

    result = run(app, "pipeline", "run", "--stage", "sync", "--wait")

    assert result.exit_code == 4
    assert "Failed: The export is not there." in result.output


def _gone(_run, _until):
    raise StageFailed("gone", "The export is not there.")


def test_a_second_run_is_refused(app):
    run(app, "pipeline", "run")

    result = run(app, "pipeline", "run")

    assert result.exit_code == 1
    assert "started by somebody on the command line" in result.output


def test_a_first_run_is_asked_for_once(app):
    first = run(app, "pipeline", "run", "--first")
    run_id = the_run().run_id
    while pipeline.advance(run_id) is not None:
        pass

    again = run(app, "pipeline", "run", "--first")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "The pipeline has been run before." in again.output
    assert the_run().run_id == run_id


@pytest.mark.parametrize("words", [["--backfill-days", "0"], ["--batch-size", "5001"]])
def test_what_is_out_of_bounds_is_refused(app, words):
    result = run(app, "pipeline", "run", *words)

    assert result.exit_code == 2
    assert words[0] in result.output
    assert the_run() is None


def test_the_status_tells_what_runs_and_what_came_of_the_last(app):
    nothing = run(app, "pipeline", "status").output
    with writing():
        run_id = runs.ask(RunKind.SYNC, Caller(None))
    waiting = run(app, "pipeline", "status").output
    pipeline.advance(run_id)
    done = run(app, "pipeline", "status").output
    as_json = json.loads(run(app, "pipeline", "status", "--json").output)

    assert nothing == "Nothing has been run yet.\n"
    assert "A sync has been waiting for a worker since" in waiting
    assert done == "Completed. sync: counted 3.\n"
    assert as_json["status"] == "idle"
    assert as_json["last_result"] == {"sync": {"counted": 3}}
