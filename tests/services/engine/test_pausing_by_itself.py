"""A job that pauses by itself: after its first tickets, or when too many of them fail."""

import pytest

from app.extensions import db
from app.models import JobStatus
from app.services import accounts, jobs
from app.services.engine import breaker, settling
from app.services.engine.claiming import claim
from app.services.engine.lease import Lease
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.services.engine.verdict import AGAIN, CHANGED, Verdict
from app.services.operations import Reason
from app.zendesk.bulk import Batch
from tests.fixtures.running_jobs import assert_counts_agree, finish, in_flight
from tests.services.engine.mishaps import lose_the_answer_to_a_commit, started

FAILED, GONE = Verdict.because(Reason.REFUSED), Verdict.because(Reason.NO_PERMISSION)


def applied(job, **options):
    owner = accounts.by_email("agent@giga.test")
    assert jobs.apply(job, job.plan_digest, owner, agreed_to_part=True, **options)
    db.session.commit()
    return job


def test_the_first_tickets_are_tried_and_looked_at_before_the_rest(sandbox, plan_job):
    tickets = [sandbox.add_ticket() for _ in range(130)]
    job = applied(plan_job(tickets), canary=True)

    finish(job, until=JobStatus.PAUSED)

    assert (job.pause_reason, job.changed_count, job.planned_count) == ("canary", 25, 105)
    assert sandbox.summary()["deliveries"] == 25
    assert in_flight(job) == 0
    jobs.resume(job)
    db.session.commit()
    finish(job)
    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 130)


def test_a_person_who_pauses_before_the_first_tickets_are_tried_has_not_seen_them(
    sandbox, plan_job
):
    job = applied(plan_job([sandbox.add_ticket() for _ in range(30)]), canary=True)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    db.session.refresh(job)
    assert jobs.pause(job)
    db.session.commit()
    finish(job, until=JobStatus.PAUSED)

    assert jobs.resume(job)
    db.session.commit()
    finish(job, until=JobStatus.PAUSED)

    assert (job.pause_reason, job.changed_count, job.planned_count) == ("canary", 25, 5)


def test_a_job_as_small_as_its_canary_just_ends(sandbox, plan_job):
    job = applied(plan_job([sandbox.add_ticket() for _ in range(25)]), canary=True)

    finish(job)

    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 25)
    assert (job.pause_reason, job.asked_at) == (None, None)


def test_a_job_whose_last_tickets_all_fail_just_ends(sandbox, plan_job):
    tickets = [sandbox.add_ticket() for _ in range(60)]
    for ticket in tickets:
        sandbox.fail_ticket(ticket)
    job = applied(plan_job(tickets))

    finish(job)

    assert (job.status, job.failed_count) == (JobStatus.COMPLETED, 60)
    assert (job.pause_reason, job.pause_detail, job.asked_at) == (None, None, None)


def test_a_job_in_which_everything_fails_pauses_and_says_why(sandbox, in_app, plan_job):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    tickets = [sandbox.add_ticket() for _ in range(300)]
    for ticket in tickets:
        sandbox.fail_ticket(ticket, times=1)
    job = applied(plan_job(tickets))

    finish(job, until=JobStatus.PAUSED)

    assert (job.pause_reason, job.failed_count, job.planned_count) == ("breaker", 100, 200)
    assert "The last 100 tickets all failed for the same reason." in job.pause_detail
    assert_counts_agree(job)


def test_whoever_goes_on_has_seen_why_and_it_counts_anew(sandbox, in_app, plan_job):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    tickets = [sandbox.add_ticket() for _ in range(200)]
    for ticket in tickets[:60]:
        sandbox.fail_ticket(ticket)
    in_app.config["BREAKER_WINDOW"] = 100
    job = applied(plan_job(tickets))
    finish(job, until=JobStatus.PAUSED)

    jobs.resume(job)
    db.session.commit()
    finish(job)

    assert (job.status, job.failed_count, job.changed_count) == (JobStatus.COMPLETED, 60, 140)
    assert (job.pause_reason, job.pause_detail) == (None, None)


def test_a_batch_whose_settling_was_not_confirmed_counts_once(plan_job, sandbox, monkeypatch):
    tickets = [sandbox.add_ticket() for _ in range(30)]
    job = applied(plan_job(tickets))
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    lease = Lease.take(job.job_id)
    claim(lease, "a batch")
    batch = Batch("a batch", tuple(tickets))
    lose_the_answer_to_a_commit(monkeypatch)

    settling.settled(lease, [(batch, dict.fromkeys(tickets, FAILED))])

    db.session.refresh(job)
    assert (job.status, job.failed_count, job.recent["batches"]) == ("running", 30, [[30, 30]])


@pytest.mark.parametrize(
    ("batches", "words"),
    [
        ([[CHANGED] * 100, [CHANGED] * 100], None),
        ([[FAILED] * 20 + [CHANGED] * 80] * 2, None),  # a fifth is not more than a fifth
        ([[FAILED] * 21 + [CHANGED] * 79] * 2, "Of the last 200 tickets 42 failed."),
        ([[FAILED] * 90 + [CHANGED] * 10], None),  # too few to tell
        ([[FAILED] * 30, [FAILED] * 20], "The last 50 tickets all failed for the same reason."),
        ([[FAILED] * 30, [GONE] * 20], None),
        ([[FAILED] * 30, [CHANGED], [FAILED] * 30], None),
        ([[FAILED] * 49, [AGAIN] * 5], None),  # what is sent again has not failed
        ([[FAILED] * 40 + [CHANGED] * 160] + [[CHANGED] * 100] * 2, None),
    ],
)
def test_when_it_is_too_much(in_app, batches, words):
    recent = None
    for batch in batches:
        recent = breaker.noted(recent, batch)

    told = breaker.trips(recent)

    assert told is None if words is None else words in told
