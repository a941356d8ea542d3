"""The page for the pipeline: what runs, setting it off, and its schedules."""

from datetime import timedelta

import pytest

from app.database import now, writing
from app.extensions import db
from app.models import AnalysisSpending, AuditEvent, PipelineRun, Schedule, TicketAnalysis
from app.services.insights import pipeline, stages
from app.services.insights.analysers.claude.purse import this_month
from app.services.insights.analysing import analyse
from tests.fixtures.claude import choose
from tests.fixtures.mirror import ARun, soon
from tests.fixtures.visitor import Page
from tests.services.insights.pipeline.counting import Counting
from tests.tasks.test_launching import queued

PAGE, NOW = "/admin/pipeline", "/admin/pipeline/now"
DAILY = f"{PAGE}/schedules/daily_sync"
ASKED = {"backfill_days": "30", "batch_size": "200"}


@pytest.fixture(autouse=True)
def counting(monkeypatch, in_app):
    """Stages that count, and no others."""
    made = {name: Counting(name, to=4) for name in ("sync", "analyse", "trends")}
    for name in list(stages.STAGES):
        monkeypatch.delitem(stages.STAGES, name)
    for name, stage in made.items():
        monkeypatch.setitem(stages.STAGES, name, stage)
    return made


def all_runs():
    db.session.rollback()
    return db.session.query(PipelineRun).order_by(PipelineRun.id).all()


def daily():
    db.session.rollback()
    return db.session.get(Schedule, "daily_sync", populate_existing=True)


def noted(action):
    db.session.rollback()
    return db.session.query(AuditEvent).filter_by(action=action).all()


def text_of(answer):
    return Page(answer.text).text


def save(admin, **fields):
    usual = {"cron": "0 2 * * *", "zone": "UTC", "grace_seconds": "3600", "coalesce": "y"}
    return admin.submit(DAILY, **usual | fields)


@pytest.mark.parametrize(
    ("what", "found"),
    [("pipeline", ["sync", "analyse", "trends"]), ("sync", ["sync"]), ("analyze", ["analyse"])],
)
def test_a_run_is_asked_for(admin, what, found):
    answer = admin.submit(PAGE, what=what, **ASKED)

    (run,) = all_runs()
    assert answer.location == PAGE
    assert (run.stages, run.requested_by.email) == (found, "admin@giga.test")
    assert run.options == {"backfill_days": 30, "batch_size": 200}
    assert queued("pipeline") == [
        ("app.tasks.pipeline_tasks.advance_pipeline", f"['{run.run_id}']")
    ]
    assert len(noted("pipeline.run")) == 1


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("backfill_days", "3651", "Type a whole number from 1 to 3,650."),
        ("backfill_days", "a week", "Type a whole number from 1 to 3,650."),
        ("batch_size", "0", "Type a whole number from 1 to 5,000."),
    ],
)
def test_what_is_out_of_bounds_is_told_beside_its_field(admin, name, typed, words):
    answer = admin.submit(PAGE, what="sync", **ASKED | {name: typed})

    assert answer.status_code == 422
    assert f'<a href="#{name}">{words}</a>' in answer.text
    assert f'value="{typed}"' in answer.text
    assert all_runs() == []


def test_what_is_no_run_by_hand_is_refused(admin):
    assert admin.submit(PAGE, what="cleanup", **ASKED).status_code == 400


def test_a_second_run_is_told_what_runs(admin):
    admin.submit(PAGE, what="sync", **ASKED)

    answer = admin.submit(PAGE, what="pipeline", **ASKED)

    assert answer.status_code == 409
    assert "A sync has been waiting for a worker since" in text_of(answer)
    assert 'value="30"' in answer.text
    assert len(all_runs()) == 1


def test_more_than_five_an_hour_are_refused_whichever_button_was_pressed(admin):
    for _ in range(4):
        admin.submit(PAGE, what="sync", **ASKED)
    admin.submit(PAGE, f"{PAGE}/schedules/hourly_trends/run")

    answer = admin.submit(PAGE, f"{DAILY}/run")

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "You have set off 5 runs within an hour" in text_of(answer)


def test_a_run_is_followed_from_its_start_to_its_end(admin, counting):
    counting["sync"].per_slice = 2
    assert "Nothing has been run yet." in admin.get(PAGE).text
    assert admin.get(NOW).status_code == 286
    admin.submit(PAGE, what="pipeline", **ASKED)
    run_id = all_runs()[0].run_id
    pipeline.advance(run_id, is_stopping=iter([False, True]).__next__)

    half_way = admin.get(NOW)
    watched = admin.get(PAGE).text
    while pipeline.advance(run_id) is not None:
        pass
    done = admin.get(NOW)

    assert half_way.status_code == 200
    assert "<html" not in half_way.text
    assert 'value="16"' in half_way.text
    assert "Fetch tickets: 2 of 4" in text_of(half_way)
    assert 'hx-trigger="every 2s"' in watched
    assert done.status_code == 286
    assert "Whole pipeline By admin@giga.test Completed" in text_of(done)
    assert "Fetch tickets: counted 4." in text_of(done)


def test_the_sentence_of_an_error_is_shown(in_app, admin):
    with writing():
        ended = {"completed_at": now(), "started_at": now() - timedelta(minutes=2)}
        words = "Zendesk said <no>. What was done before is kept."
        db.session.add(
            PipelineRun(kind="sync", stages=["sync"], status="failed", error=words, **ended)
        )
        db.session.commit()

    told = admin.get(PAGE).text

    assert "Zendesk said &lt;no&gt;. What was done before is kept." in told
    assert "2 min" in told


def test_schedules_are_told_in_words(admin):
    told = text_of(admin.get(PAGE))

    assert "Daily Zendesk Sync Every day at 02:00 In UTC" in told
    assert "Hourly Trends Update Every hour, on the hour In UTC" in told


def test_a_schedule_is_changed(admin):
    answer = save(
        admin, cron="30  4 * * 1-5", zone="Europe/Berlin", grace_seconds="7,200", coalesce=""
    )

    kept = daily()
    assert answer.location == f"{PAGE}#schedules"
    assert (kept.cron, kept.zone, kept.grace_seconds) == ("30 4 * * 1-5", "Europe/Berlin", 7200)
    assert len(noted("schedule.change")) == 1


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("cron", "at noon", "A time has five parts"),
        ("cron", "61 * * * *", "The minute cannot be read."),
        ("cron", "0 0 31 2 *", "it would never run"),
        ("zone", "Berlin", "There is no such time zone."),
        ("grace_seconds", "an hour", "Type a whole number from 1 to 604,800."),
    ],
)
def test_a_schedule_that_cannot_be_is_told_beside_its_field(admin, name, typed, words):
    answer = save(admin, **{name: typed})

    beside = answer.text.partition(f'id="{name}-error"')[2].partition("</p>")[0]
    assert answer.status_code == 422
    assert words in beside
    assert f'value="{typed}"' in answer.text
    assert daily().cron == "0 2 * * *"


def test_a_schedule_is_switched_off_and_on(admin):
    admin.submit(PAGE, f"{DAILY}/switch", enabled="no")
    assert not daily().enabled
    assert "Switched off" in admin.get(PAGE).text

    admin.submit(PAGE, f"{DAILY}/switch", enabled="yes")

    assert daily().enabled
    assert [len(noted(f"schedule.{one}")) for one in ("disable", "enable")] == [1, 1]


def test_a_schedule_is_run_now(admin):
    admin.submit(PAGE, f"{DAILY}/run")

    (run,) = all_runs()
    assert (run.schedule_id, run.requested_by.email) == ("daily_sync", "admin@giga.test")


def test_a_schedule_that_is_not_there_is_not_found(admin):
    assert admin.get(f"{PAGE}/schedules/nothing").status_code == 404


def test_what_claude_costs_and_fails_on_is_told(admin, put_tickets):
    put_tickets(("Kettle", "It leaks"), ("Kettle", "It hums"))
    analyse(ARun(), soon())
    choose(analyse_with_claude=True)
    with writing():
        spent = {"calls": 1, "input_tokens": 0, "output_tokens": 0, "setbacks": 0}
        db.session.add(
            AnalysisSpending(month=this_month(), run_id=1, micro_dollars=12_345_678, **spent)
        )
        db.session.query(TicketAnalysis).update({"error_code": "busy"})
        db.session.execute(db.text("UPDATE tickets SET analysed_at = NULL"))
        db.session.commit()

    told = text_of(admin.get(PAGE))

    assert "Claude has cost $12.35 this month, of at most $100." in told
    assert "2 tickets wait for Claude (claude-haiku-4-5): about $0.00" in told
    assert "Anthropic was overloaded busy 2 2" in told
