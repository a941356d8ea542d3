"""The pipeline, as admins' programs and pages watch it and set it off."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, update

from app.database import done_unless_busy, now, writing
from app.extensions import db
from app.models import AuditEvent, PipelineRun, Role, Schedule, Scope
from app.services.insights import pipeline, stages
from tests.api.test_problems import problem
from tests.fixtures.visitor import Page
from tests.services.insights.pipeline.counting import Counting
from tests.tasks.test_launching import queued

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STARTS = {
    "/api/tasks/sync": {"backfill_days": 7},
    "/api/tasks/analyze": {"batch_size": 500},
    "/api/tasks/pipeline": {"backfill_days": 7, "batch_size": 500},
}


@pytest.fixture(autouse=True)
def counting(monkeypatch, in_app):
    """Stages that count, and no others."""
    made = {name: Counting(name, to=4) for name in ("sync", "analyse", "trends", "health")}
    for name in list(stages.STAGES):
        monkeypatch.delitem(stages.STAGES, name)
    for name, stage in made.items():
        monkeypatch.setitem(stages.STAGES, name, stage)
    return made


def worker(program):
    return program.get("/api/tasks/worker/status").json


def the_run():
    db.session.rollback()
    return db.session.query(PipelineRun).order_by(PipelineRun.id.desc()).first()


def test_the_schedules_are_told_field_by_field(admins_program):
    with writing():
        berlin = {"zone": "Europe/Berlin"}
        db.session.query(Schedule).filter_by(id="hourly_trends").update(berlin)
        db.session.query(Schedule).filter_by(id="health_check").update({"enabled": False})
        db.session.commit()

    with time_machine.travel(NOON, tick=False):
        answer = admins_program.get("/api/tasks/scheduler/status")

    assert answer.json == [
        {
            "id": "daily_sync",
            "name": "Daily Zendesk Sync",
            "next_run": "2026-11-24T02:00:00+00:00",
            "trigger": "cron[hour='2', minute='0']",
        },
        {
            "id": "hourly_trends",
            "name": "Hourly Trends Update",
            "next_run": "2026-11-23T14:00:00+01:00",
            "trigger": "cron[minute='0']",
        },
        {
            "id": "health_check",
            "name": "Health Check",
            "next_run": None,
            "trigger": "cron[minute='*/5']",
        },
    ]


def test_the_worker_is_idle_at_first(admins_program):
    assert worker(admins_program) == {
        "status": "idle",
        "progress": 0,
        "is_running": False,
        "started_at": None,
        "completed_at": None,
        "last_result": None,
        "last_error": None,
    }


def test_a_run_is_told_from_its_start_to_its_end(admins_program, counting):
    counting["sync"].per_slice = 2
    started = admins_program.post("/api/tasks/pipeline", STARTS["/api/tasks/pipeline"])
    run = the_run()
    assert started.status_code == 202
    assert started.json == {"run_id": run.run_id, "kind": "pipeline", "status": "pending"}
    assert run.options == {"backfill_days": 7, "batch_size": 500}
    assert queued("pipeline") == [
        ("app.tasks.pipeline_tasks.advance_pipeline", f"['{run.run_id}']")
    ]

    run_id = run.run_id
    with time_machine.travel(NOON, tick=False):
        pipeline.advance(run_id, is_stopping=iter([False, True]).__next__)
        half_way = worker(admins_program)
        while pipeline.advance(run_id) is not None:
            pass
        done = worker(admins_program)

    at_noon = "2026-11-23T12:00:00+00:00"
    results = {"sync": {"counted": 4}, "analyse": {"counted": 4}, "trends": {"counted": 4}}
    assert half_way == {
        "status": "running",
        "progress": 16,
        "is_running": True,
        "started_at": at_noon,
        "completed_at": None,
        "last_result": None,
        "last_error": None,
    }
    assert done == {
        "status": "idle",
        "progress": 100,
        "is_running": False,
        "started_at": at_noon,
        "completed_at": at_noon,
        "last_result": results,
        "last_error": None,
    }


def test_after_a_failure_the_worker_is_idle_again_and_its_error_stays_until_a_run_goes_well(
    admins_program, monkeypatch, counting
):
    stage_in_trouble = {"sync": lambda _run, _until: 1 / 0}
    monkeypatch.setitem(stages.STAGES, "sync", stage_in_trouble["sync"])
    admins_program.post("/api/tasks/sync", {})
    while pipeline.advance(the_run().run_id) is not None:
        pass
    failed = worker(admins_program)
    monkeypatch.setitem(stages.STAGES, "sync", counting["sync"])
    admins_program.post("/api/tasks/sync", {})
    again = worker(admins_program)
    pipeline.advance(the_run().run_id)
    well = worker(admins_program)

    assert (failed["status"], failed["is_running"]) == ("idle", False)
    assert "(ZeroDivisionError)" in failed["last_error"]
    assert (again["status"], again["last_error"]) == ("running", failed["last_error"])
    assert (well["status"], well["last_error"]) == ("idle", None)
    assert well["last_result"] == {"sync": {"counted": 4}}


@pytest.mark.parametrize("path", STARTS)
def test_what_is_not_said_is_as_usual(admins_program, path):
    assert admins_program.post(path, {}).status_code == 202

    assert the_run().options == {"backfill_days": 7, "batch_size": 500}


@pytest.mark.parametrize("path", STARTS)
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "Use a number from 1."),
        (100_000, "Use a number up to"),
        ("7", "Use a whole number, without quotes."),
        (True, "Use a whole number, without quotes."),
        (7.5, "Use a whole number"),
        (None, "Use a whole number, without quotes."),
        ([7], "Use a whole number, without quotes."),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_field(admins_program, path, value, words):
    for field in STARTS[path]:
        told = problem(admins_program.post(path, STARTS[path] | {field: value}), 422)

        assert [one["field"] for one in told["errors"]] == [field]
        assert words in told["errors"][0]["detail"]
    assert the_run() is None


@pytest.mark.parametrize(
    ("path", "field", "bounds"),
    [
        ("/api/tasks/sync", "backfill_days", (1, 3650)),
        ("/api/tasks/analyze", "batch_size", (1, 5000)),
        ("/api/tasks/pipeline", "backfill_days", (1, 3650)),
        ("/api/tasks/pipeline", "batch_size", (1, 5000)),
    ],
)
def test_the_bounds_themselves_are_taken(admins_program, path, field, bounds):
    for value in bounds:
        assert admins_program.post(path, {field: value}).status_code == 202
        pipeline.advance(the_run().run_id)

        assert the_run().options[field] == value
    for value in (bounds[0] - 1, bounds[1] + 1):
        problem(admins_program.post(path, {field: value}), 422)


@pytest.mark.parametrize(
    ("path", "field"),
    [("/api/tasks/sync", "batch_size"), ("/api/tasks/analyze", "backfill_days")],
)
def test_a_field_that_is_not_there_is_named(admins_program, path, field):
    told = problem(admins_program.post(path, {field: 7}), 422)

    assert told["errors"] == [{"field": field, "detail": "There is no such field."}]


def test_a_second_run_is_refused_and_told_what_is_running(admins_program, program_of):
    admins_program.post("/api/tasks/sync", {})
    with time_machine.travel(NOON, tick=False):
        pipeline.advance(the_run().run_id, is_stopping=lambda: True)
    others = program_of("bob@giga.test", Role.ADMIN)

    told = problem(others.post("/api/tasks/pipeline", {}), 409)

    assert told["detail"] == (
        "A sync has been running since 23 Nov 2026, 12:00 UTC, started by admin@giga.test. "
        "Try again when it is over."
    )
    assert db.session.query(PipelineRun).count() == 1


def test_one_person_sets_off_five_runs_an_hour(admins_program, program_of):
    answers = []
    for _ in range(6):
        answers.append(admins_program.post("/api/tasks/sync", {}))
        pipeline.advance(the_run().run_id)

    assert [one.status_code for one in answers] == [202] * 5 + [429]
    told = problem(answers[-1], 429)
    assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert "5 runs within an hour" in told["detail"]
    assert program_of("bob@giga.test", Role.ADMIN).post("/api/tasks/sync", {}).status_code == 202


def test_an_hour_later_more_runs_may_be_set_off(admins_program):
    with time_machine.travel(now() - timedelta(minutes=61)):
        for _ in range(5):
            admins_program.post("/api/tasks/sync", {})
        problem(admins_program.post("/api/tasks/sync", {}), 429)

    assert admins_program.post("/api/tasks/sync", {}).status_code == 409


def test_what_cannot_be_read_is_no_run_of_the_five(admins_program):
    for _ in range(6):
        problem(admins_program.post("/api/tasks/sync", {"backfill_days": 0}), 422)

    assert admins_program.post("/api/tasks/sync", {}).status_code == 202


def test_where_nothing_is_to_be_run_that_is_said(admins_program, monkeypatch):
    monkeypatch.delitem(stages.STAGES, "sync")

    problem(admins_program.post("/api/tasks/sync", {}), 409)


def test_a_run_is_noted_with_whoever_set_it_off(admins_program):
    admins_program.post("/api/tasks/sync", {"backfill_days": 30})

    note = db.session.query(AuditEvent).filter_by(action="pipeline.run").one()
    assert (note.actor, note.target) == ("admin@giga.test", the_run().run_id)
    assert note.detail["options"]["backfill_days"] == 30


def test_a_token_that_may_only_read_watches_and_starts_nothing(program_of):
    reader = program_of("admin@giga.test", Role.ADMIN, scope=Scope.READ)

    assert reader.get("/api/tasks/worker/status").status_code == 200
    problem(reader.post("/api/tasks/sync", {}), 403)


def test_a_page_of_an_admin_sets_off_a_run_with_its_forms_token(admin):
    token = Page(admin.get("/admin/people").text).fields["csrf_token"]
    headers = {"X-CSRFToken": token}

    watched = admin.open("/api/tasks/worker/status")
    started = admin.open("/api/tasks/sync", "POST", json={}, headers=headers)

    assert (watched.status_code, started.status_code) == (200, 202)
    assert the_run().requested_by.email == "admin@giga.test"


def test_a_page_sets_off_a_run_while_others_write(admin):
    headers = {"X-CSRFToken": Page(admin.get("/admin/people").text).fields["csrf_token"]}

    event.listen(db.engine, "before_cursor_execute", write_before_the_run_is_kept)
    try:
        started = admin.open("/api/tasks/sync", "POST", json={}, headers=headers)
    finally:
        event.remove(db.engine, "before_cursor_execute", write_before_the_run_is_kept)

    assert started.status_code == 202


def write_before_the_run_is_kept(_connection, _cursor, statement, *_):
    """As a worker may at that moment, unless the database keeps it waiting."""
    if statement.startswith("INSERT INTO pipeline_runs"):
        done_unless_busy(db.engine, update(Schedule).values(grace_seconds=60))


def test_a_page_from_elsewhere_sets_off_nothing(admin):
    told = problem(admin.open("/api/tasks/sync", "POST", json={}), 400)

    assert "form token" in told["detail"]
    assert the_run() is None


def test_an_address_that_is_not_there_is_said_as_programs_are_told(admins_program):
    problem(admins_program.get("/api/tasks/nothing"), 404)
    problem(admins_program.get("/api/tasks/sync"), 405)
