"""While all writing is stopped: jobs send nothing, settle what Zendesk has, and go on by themselves."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert

from app.database import now, writing
from app.extensions import db
from app.models import JobStatus, WritingStop
from app.services import connection, jobs, lineage, memo, writing_stop
from app.services.engine.pace import Pace
from app.services.engine.slices import advance, due
from app.zendesk.errors import WritingStopped
from tests.fixtures.running_jobs import finish, in_flight, stop_writing
from tests.services.engine.mishaps import lose_answers


def lift():
    with writing():
        woken = writing_stop.lift(None)
        db.session.commit()
    return woken


def test_a_job_plans_and_then_waits_without_asking_zendesk_anything(sandbox, make_job):
    stop_writing()
    job = make_job([sandbox.add_ticket() for _ in range(3)], dry_run=False)
    advance(job.job_id, Pace())
    db.session.refresh(job)
    asked = sandbox.summary()["requests"]

    wait = advance(job.job_id, Pace())

    db.session.refresh(job)
    assert (job.status, job.planned_count) == (JobStatus.RUNNING, 3)
    assert (job.wait_reason, wait) == ("writing_stopped", 5.0)
    assert sandbox.summary()["requests"] == asked
    assert sandbox.summary()["deliveries"] == 0


def test_what_zendesk_has_is_settled_and_nothing_more_is_sent(sandbox, job_in_flight):
    job = job_in_flight(300)

    stop_writing()
    advance(job.job_id, Pace())

    db.session.refresh(job)
    assert (job.changed_count, job.planned_count, in_flight(job)) == (100, 200, 0)
    assert (job.status, job.wait_reason) == (JobStatus.RUNNING, "writing_stopped")
    assert sandbox.summary()["deliveries"] == 100


def test_it_goes_on_as_soon_as_that_is_lifted(sandbox, job_in_flight):
    job = job_in_flight(300)
    stop_writing()
    advance(job.job_id, Pace())
    assert due() == []

    woken = lift()

    assert (woken, due()) == (1, [job.job_id])
    finish(job)
    assert (job.status, job.changed_count, job.wait_reason) == (JobStatus.COMPLETED, 300, None)
    assert sandbox.summary()["deliveries"] == 300


def test_a_batch_that_was_about_to_leave_stays_and_is_sent_once_later(
    sandbox, make_job, monkeypatch
):
    """Between the claim and the call, the budget may keep a job waiting for seconds."""
    monkeypatch.setattr(memo, "SECONDS", 0.0)
    job = make_job([sandbox.add_ticket() for _ in range(3)], dry_run=False)

    with stopped_by_the_claim():
        advance(job.job_id, Pace())

    db.session.refresh(job)
    assert (job.wait_reason, in_flight(job), job.planned_count) == ("writing_stopped", 0, 3)
    assert sandbox.summary()["deliveries"] == 0
    lift()
    finish(job)
    assert sandbox.summary()["deliveries"] == 3


@contextmanager
def stopped_by_the_claim():
    """The stop is there as soon as the first batch is claimed, and so before the call."""
    claimed = []

    def stop_too(connection, _cursor, statement, *_):
        if statement.startswith("UPDATE job_tickets SET stage") and not claimed:
            claimed.append(statement)
            row = {"began_at": now(), "began_by": "x", "reason": "x", "lifted_by": ""}
            connection.execute(insert(WritingStop).values(row))

    event.listen(db.engine, "after_cursor_execute", stop_too)
    yield
    event.remove(db.engine, "after_cursor_execute", stop_too)
    assert claimed


def test_an_answer_that_was_lost_is_looked_for_all_the_same(
    sandbox, transport, make_job, monkeypatch
):
    lose_answers(transport, monkeypatch, {1})
    job = make_job([sandbox.add_ticket() for _ in range(3)], dry_run=False)
    advance(job.job_id, Pace())
    stop_writing()

    finish(job)

    assert (job.changed_count, sandbox.summary()["deliveries"]) == (3, 3)


def test_undoing_waits_too(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket()])
    stop_writing()
    undo = lineage.follow(job, lineage.Relation.UNDO, job.user)
    finish(undo, until=JobStatus.PLANNED)
    assert jobs.apply(undo, undo.plan_digest, job.user, agreed_to_part=True)
    db.session.commit()

    advance(undo.job_id, Pace())

    db.session.refresh(undo)
    assert (undo.wait_reason, undo.planned_count) == ("writing_stopped", 1)


def test_a_waiting_job_can_be_cancelled(sandbox, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    stop_writing()
    advance(job.job_id, Pace())
    db.session.refresh(job)

    jobs.cancel(job)
    db.session.commit()
    finish(job)

    assert (job.status, job.not_reached_count) == (JobStatus.CANCELLED, 1)


def test_no_page_changes_a_ticket_either(sandbox, in_app):
    ticket = sandbox.add_ticket()
    client = connection.client()
    stop_writing()

    with pytest.raises(WritingStopped):
        client.update(ticket, {"priority": "high"})
    assert client.ticket(ticket).id == ticket
    assert sandbox.summary()["deliveries"] == 0
