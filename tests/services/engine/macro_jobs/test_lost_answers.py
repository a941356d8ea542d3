"""Answers of Zendesk's that never came: one comment all the same."""

from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import begin, finish
from tests.services.engine.macro_jobs.looks import REPLY, comments_on, row_of
from tests.services.engine.mishaps import lose_answers


def test_a_lost_answer_leaves_one_comment(sandbox, transport, applied, monkeypatch):
    tickets = [sandbox.add_ticket(status="open") for _ in range(120)]
    lose_answers(transport, monkeypatch, {1, 2})

    job = applied(tickets, *REPLY)

    assert job.changed_count == 120
    assert {len(comments_on(sandbox, ticket)) for ticket in tickets} == {1}


def test_a_call_that_never_arrived_is_made_again(sandbox, transport, applied, monkeypatch):
    tickets = [sandbox.add_ticket(status="open") for _ in range(5)]
    lose_answers(transport, monkeypatch, {1}, after=False)

    job = applied(tickets, *REPLY)

    assert job.changed_count == 5
    assert {len(comments_on(sandbox, ticket)) for ticket in tickets} == {1}


def test_a_lost_answer_and_somebody_elses_change_are_told_apart(
    sandbox, transport, in_app, macro_job, monkeypatch
):
    ours, theirs = (sandbox.add_ticket(status="open") for _ in range(2))
    job = macro_job([ours], *REPLY)
    begin(job)
    lose_answers(transport, monkeypatch, {1})
    advance(job.job_id, Pace())
    sandbox.set_ticket(ours, subject="Somebody was here after us")
    finish(job)
    other = macro_job([theirs], *REPLY)
    begin(other)
    lose_answers(transport, monkeypatch, {1}, after=False)
    advance(other.job_id, Pace())
    sandbox.set_ticket(theirs, subject="Somebody was here before us")
    finish(other)

    assert row_of(job, ours).outcome == "changed"
    assert row_of(other, theirs).reason == "changed_since_plan"
    assert len(comments_on(sandbox, ours)) == 1
    assert comments_on(sandbox, theirs) == []
