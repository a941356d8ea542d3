"""Answers of Zendesk that never came, and what they leave open."""

from app.extensions import db
from app.models import JobStatus
from app.services import connection, jobs
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import finish, in_flight
from tests.services.engine.mishaps import arrived, died_while_sending, lose_answers, started


def test_a_lost_answer_changes_each_ticket_once(sandbox, transport, run_job, monkeypatch):
    tickets = [sandbox.add_ticket() for _ in range(120)]
    lose_answers(transport, monkeypatch, {1, 2})

    job = run_job("add_tags", tickets=tickets)

    assert job.changed_count == 120
    assert {len(sandbox.truth(ticket)) for ticket in tickets} == {1}


def test_an_answer_is_lost_and_the_job_is_cancelled_at_once(
    sandbox, transport, in_app, make_job, monkeypatch
):
    in_app.config["ZENDESK_WINDOW_SECONDS"] = 1.0  # while the tickets do not show yet what was sent
    sandbox.change_settings(speed=20)
    tickets = [sandbox.add_ticket() for _ in range(50)]
    job = make_job(tickets, dry_run=False)
    lose_answers(transport, monkeypatch, {1})

    advance(job.job_id, Pace())
    jobs.cancel(job)
    db.session.commit()
    finish(job, slices=100_000)

    assert all(sandbox.tags_of(ticket) == {"refund"} for ticket in tickets)
    assert (job.status, job.changed_count) == (JobStatus.CANCELLED, 50)


def test_a_batch_that_was_about_to_be_sent_when_the_worker_died_is_looked_at_first(
    sandbox, client, make_job
):
    tickets = [sandbox.add_ticket() for _ in range(3)]
    job = make_job(tickets, dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    claimed = died_while_sending(job)
    arrived(client, job, claimed[:1])

    finish(job)

    assert sorted(entry["ticket_id"] for entry in sandbox.truth()) == tickets
    assert job.changed_count == 3


def test_a_tag_that_somebody_took_away_after_a_lost_answer_is_not_given_again(
    sandbox, client, make_job
):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    arrived(client, job, died_while_sending(job))
    sandbox.set_ticket(ticket, remove_tags=["refund"])

    finish(job)

    assert job.changed_count == 1
    assert sandbox.tags_of(ticket) == set()


def test_a_slice_that_is_to_end_looks_at_no_more_of_a_lost_batch(sandbox, client, make_job):
    tickets = [sandbox.add_ticket() for _ in range(60)]
    job = make_job(tickets, dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    arrived(client, job, died_while_sending(job))
    audits = "GET /api/v2/tickets/{id}/audits"

    while not sandbox.requests[audits]:
        advance(job.job_id, Pace(seconds=10, is_stopping=lambda: sandbox.requests[audits] > 0))
    left = in_flight(job)
    finish(job)

    assert 0 < left < 60
    assert job.changed_count == 60
    assert [len(sandbox.truth(one)) for one in tickets] == [1] * 60


def test_a_lost_batch_that_stands_in_zendesks_queue_is_waited_for(
    sandbox, transport, in_app, make_job, monkeypatch
):
    """Looked at too early, its tickets would be sent again, or be called not reached though they change."""
    sandbox.change_settings(
        faults=[{"kind": "job_queued_long", "route": "*", "seconds": 300, "times": 1}]
    )
    tickets = [sandbox.add_ticket() for _ in range(3)]
    job = make_job(tickets, dry_run=False)
    lose_answers(transport, monkeypatch, {1})
    while in_flight(job) == 0:
        advance(job.job_id, Pace(seconds=10))
    jobs.cancel(job)
    db.session.commit()

    finish(job, slices=2000)

    assert (job.status, job.changed_count) == (JobStatus.CANCELLED, 3)
    assert {len(sandbox.truth(ticket)) for ticket in tickets} == {1}


def test_a_lost_batch_does_not_wait_for_what_another_job_of_ours_has_in_flight(sandbox, make_job):
    other = make_job([sandbox.add_ticket()], dry_run=False)
    sandbox.change_settings(
        faults=[{"kind": "job_queued_long", "route": "*", "seconds": 1_000_000}]
    )
    advance(other.job_id, Pace(is_stopping=lambda: in_flight(other) > 0))
    sandbox.change_settings(faults=[])
    job = make_job([sandbox.add_ticket() for _ in range(3)], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    died_while_sending(job)

    finish(job)

    assert (job.changed_count, in_flight(other)) == (3, 1)


def test_a_lost_batch_is_not_sent_again_while_a_strangers_job_may_be_it(
    sandbox, make_job, monkeypatch
):
    tickets, other = [sandbox.add_ticket() for _ in range(3)], sandbox.add_ticket()
    job = make_job(tickets, dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    died_while_sending(job)
    sandbox.change_settings(
        faults=[{"kind": "job_queued_long", "route": "*", "seconds": 1_000_000}]
    )
    connection.client().update_same([other], {"additional_tags": ["theirs"]})
    monkeypatch.setattr("app.services.engine.running.LONGEST_QUEUE_MINUTES", 1)

    finish(job, slices=2000)

    assert (job.status, job.unknown_count) == (JobStatus.COMPLETED, 3)
    assert sandbox.requests["PUT /api/v2/tickets/update_many"] == 1  # theirs
