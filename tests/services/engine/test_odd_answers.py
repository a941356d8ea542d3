"""Refusals, results that are missing, and what makes no sense."""

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services import connection, jobs
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import finish, in_flight
from tests.services.engine.mishaps import (
    forbid,
    forget_zendesk_jobs,
    page_for_all,
)


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_fatal_answer_ends_the_job_and_frees_its_tickets(
    sandbox, transport, make_job, run_job, monkeypatch, cancelled
):
    sandbox.change_settings(speed=20)
    tickets = [sandbox.add_ticket() for _ in range(50)]
    job = make_job(tickets, dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    if cancelled:
        jobs.cancel(job)
        db.session.commit()

    with monkeypatch.context() as refusing:
        forbid(transport, refusing, lambda url: "job_statuses" in url)
        finish(job)
    other = run_job("add_tags", tickets=tickets, tags=["other"])

    assert job.status == ("cancelled" if cancelled else "failed")
    assert (job.unknown_count, "403" in job.error) == (50, True)
    assert other.changed_count == 50


def test_what_was_sent_before_a_fatal_answer_still_gets_its_true_result(
    sandbox, transport, in_app, run_job, monkeypatch
):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    tickets = [sandbox.add_ticket() for _ in range(150)]
    calls = iter(range(1, 1000))
    forbid(transport, monkeypatch, lambda url: "update_many" in url and next(calls) > 1)

    job = run_job("add_tags", tickets=tickets)

    assert (job.status, job.changed_count, job.planned_count) == (JobStatus.FAILED, 100, 50)
    assert sum(sandbox.tags_of(ticket) == {"refund"} for ticket in tickets) == 100


def test_a_zendesk_job_that_is_forgotten_is_given_up(sandbox, transport, run_job, monkeypatch):
    monkeypatch.setattr("app.zendesk.bulk.FORGOTTEN_PAUSES", 1)
    tickets = [sandbox.add_ticket() for _ in range(50)]
    forget_zendesk_jobs(transport, monkeypatch)

    job = run_job("add_tags", tickets=tickets)

    assert job.changed_count == 50
    assert {len(sandbox.truth(ticket)) for ticket in tickets} == {1}


def test_tickets_that_are_missing_from_zendesks_results_are_looked_at(
    sandbox, transport, run_job, monkeypatch
):
    tickets = [sandbox.add_ticket() for _ in range(50)]
    sandbox.change_settings(faults=[{"kind": "job_loses_results", "route": "*", "share": 0.5}])
    monkeypatch.setattr("app.services.engine.running.LONGEST_WORK_MINUTES", 1_000_000)

    job = run_job("add_tags", tickets=tickets)

    assert job.changed_count == 50
    assert {len(sandbox.truth(ticket)) for ticket in tickets} == {1}


def test_what_was_refused_for_want_of_room_does_not_count_as_an_attempt(sandbox, make_job):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    sandbox.change_settings(requests_per_minute=2, speed=60)  # the plan alone takes one
    finish(job, slices=100_000)

    assert db.session.query(JobTicket.attempts).scalar() == 1


@pytest.mark.parametrize(
    ("status", "body"), [(302, ""), (404, "<h1>Maintenance</h1>"), (403, "<h1>Blocked</h1>")]
)
def test_a_page_in_place_of_an_answer_does_not_end_a_job(
    sandbox, transport, make_job, status, body
):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    connection.client().me()  # signed in already
    real, transport.wsgi_app = transport.wsgi_app, page_for_all(status, body)
    advance(job.job_id, Pace())
    db.session.refresh(job)
    reason = job.wait_reason
    transport.wsgi_app = real

    finish(job)

    assert reason == "zendesk"
    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 1)


def test_what_makes_no_sense_for_minutes_ends_the_job_in_words(sandbox, transport, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    connection.client().me()
    transport.wsgi_app = page_for_all(404, "<h1>Gone</h1>")

    for _ in range(9):
        advance(job.job_id, Pace())

    db.session.refresh(job)
    assert job.status == JobStatus.FAILED
    assert "404" in job.error


def test_a_zendesk_job_that_never_ends_is_given_up(sandbox, make_job, monkeypatch):
    tickets = [sandbox.add_ticket() for _ in range(50)]
    job = make_job(tickets, dry_run=False)
    sandbox.change_settings(faults=[{"kind": "job_stalls", "seconds": 1_000_000}])

    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    monkeypatch.setattr("app.services.engine.running.LONGEST_WORK_MINUTES", 0)
    finish(job)

    tagged = [ticket for ticket in tickets if sandbox.tags_of(ticket) == {"refund"}]
    assert job.status == JobStatus.COMPLETED
    assert (job.changed_count, job.unknown_count) == (len(tagged), 50 - len(tagged))
    assert job.unknown_count
    assert sandbox.requests["PUT /api/v2/tickets/update_many"] == 1
