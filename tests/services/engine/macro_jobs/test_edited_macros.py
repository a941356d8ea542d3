"""Macros that somebody edits while a job is on its way."""

import inspect
import sys

import pytest

from app.extensions import db
from app.models import JobStatus
from app.services import jobs
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.zendesk.resources import Macro
from tests.fixtures.running_jobs import begin, finish, in_flight
from tests.services.engine.macro_jobs.looks import (
    GREETING,
    REPLY,
    SOLVE,
    asked_for_renderings,
    comments_on,
    go,
    put_words,
)
from tests.services.engine.mishaps import lose_answers


def test_a_macro_that_was_edited_stops_the_job_with_what_changed(sandbox, macro_job):
    ticket = sandbox.add_ticket(status="open")
    job = macro_job([ticket], *SOLVE, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    db.session.commit()
    sandbox.set_macro(
        job.arguments["macro_id"], actions=[("status", "pending"), ("current_tags", "refund")]
    )

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "No longer: Set status to Solved." in job.error
    assert "New: Set status to Pending." in job.error
    assert sandbox.truth(ticket) == []


@pytest.fixture
def edited_meanwhile(sandbox, macro_job):
    """A job whose macro is edited while its comments are being filled in."""

    def run(tickets, *, stops):
        job = macro_job(tickets, *GREETING, dry_run=True)
        finish(job, until=JobStatus.PLANNED)
        before, edits = asked_for_renderings(sandbox), []

        def edit_once():
            if not edits and asked_for_renderings(sandbox) > before + 5:
                edits.append("edited")
                put_words(sandbox, job, "<p>Not agreed to.</p>")
            return stops and asked_for_renderings(sandbox) > before + 25

        go(job, Pace(seconds=10, is_stopping=edit_once))
        assert edits
        return job

    return run


def test_words_that_nobody_agreed_to_are_not_sent(sandbox, edited_meanwhile):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]

    job = edited_meanwhile(tickets, stops=False)

    assert job.status == JobStatus.FAILED
    assert "Not agreed to" in job.error
    assert [comments_on(sandbox, ticket) for ticket in tickets] == [[]] * 60


@pytest.mark.parametrize("stops", [False, True])
def test_words_that_nobody_agreed_to_are_not_kept(sandbox, edited_meanwhile, stops):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = edited_meanwhile(tickets, stops=stops)
    finish(job)
    assert job.status == JobStatus.FAILED
    put_words(sandbox, job, GREETING[0][1])

    jobs.resume(job)
    db.session.commit()
    finish(job)

    assert {comments_on(sandbox, one)[0]["body"] for one in tickets} == {
        f"We are at ticket {one}." for one in tickets
    }


def test_a_macro_whose_title_changed_is_the_same_macro(sandbox, macro_job):
    job = macro_job([sandbox.add_ticket(status="open")], *SOLVE, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_macro(job.arguments["macro_id"], title="Another title")

    go(job)

    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 1)


def test_a_macro_that_is_gone_is_said_to_be(make_job):
    job = make_job([1], operation="apply_macro", arguments={"macro_id": 424242}, dry_run=False)

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "Macro 424242 is gone" in job.error


def test_what_was_sent_before_a_macro_was_edited_still_gets_its_true_result(
    sandbox, in_app, macro_job
):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=20)  # slow enough to be met in flight
    job = macro_job([sandbox.add_ticket(status="open") for _ in range(150)], *REPLY)
    begin(job)
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    sandbox.set_macro(job.arguments["macro_id"], actions=SOLVE)

    finish(job)

    assert job.status == JobStatus.FAILED
    assert (job.changed_count, job.unknown_count, job.planned_count) == (100, 0, 50)


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_in_flight_when_a_macro_changes_is_settled_however_long_it_takes(
    sandbox, transport, in_app, macro_job, monkeypatch, lost
):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=60)
    tickets = [sandbox.add_ticket(status="open") for _ in range(120)]
    job = macro_job(tickets, *REPLY)
    begin(job)
    if lost:
        lose_answers(transport, monkeypatch, {1})
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    sandbox.set_macro(job.arguments["macro_id"], actions=SOLVE)

    for _ in range(3):
        advance(job.job_id, Pace(seconds=0.01))  # none of these slices sees its end
    finish(job, slices=100_000)

    assert (job.status, job.unknown_count) == (JobStatus.FAILED, 0)
    assert (job.changed_count, job.planned_count) == (100, 20)
    assert sum(bool(comments_on(sandbox, one)) for one in tickets) == 100


@pytest.mark.parametrize("stops", [False, True])
def test_words_that_a_macro_had_for_a_moment_alone_are_not_sent(sandbox, macro_job, stops):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    before, edits = asked_for_renderings(sandbox), []

    def edit_and_edit_back():
        asked = asked_for_renderings(sandbox) - before
        if not edits and asked > 5:
            edits.append(put_words(sandbox, job, "<p>Not agreed to.</p>"))
        if len(edits) == 1 and asked > 25:
            edits.append(put_words(sandbox, job, GREETING[0][1]))
        return stops and len(edits) == 2

    go(job, Pace(seconds=10, is_stopping=edit_and_edit_back))
    assert len(edits) == 2
    finish(job)

    assert job.status == JobStatus.COMPLETED
    assert [[said["body"] for said in comments_on(sandbox, one)] for one in tickets] == [
        [f"We are at ticket {one}."] for one in tickets
    ]


def test_a_macro_that_is_touched_again_and_again_is_asked_for_until_it_rests(
    sandbox, macro_job, monkeypatch
):
    ticket = sandbox.add_ticket(status="open")
    job = macro_job([ticket], *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    read, touches = Macro.of.__func__, iter(range(1, 170))

    def touched(cls, data):
        return read(cls, data | {"updated_at": f"touch {next(touches, 'the last')}"})

    deepest = len(inspect.stack(0)) + 150
    monkeypatch.setattr(Macro, "of", classmethod(touched))
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(deepest)
    try:
        go(job, Pace(seconds=30))
    finally:
        sys.setrecursionlimit(before)
    finish(job)

    assert len(comments_on(sandbox, ticket)) == 1
