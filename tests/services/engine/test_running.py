"""Jobs run to their end against the sandbox."""

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services import jobs
from app.services.engine.lease import Lease
from app.services.engine.pace import Pace
from app.services.engine.slices import advance, due
from tests.fixtures.running_jobs import finish, in_flight


def outcomes(job):
    found = db.session.query(JobTicket).filter_by(job_id=job.id)
    return {row.ticket_id: (row.outcome, row.reason) for row in found}


def test_keeps_the_tags_already_there(sandbox, run_job):
    ticket = sandbox.add_ticket(tags=["vip"])

    run_job("add_tags", tickets=[ticket], tags=["refund"])

    assert sandbox.tags_of(ticket) == {"vip", "refund"}


def test_removes_only_the_tags_that_were_asked_for(sandbox, run_job):
    ticket = sandbox.add_ticket(tags=["vip", "refund", "late"])

    run_job("remove_tags", tickets=[ticket], tags=["refund", "unheard-of"])

    assert sandbox.tags_of(ticket) == {"vip", "late"}


def test_counts_every_ticket_once(sandbox, run_job):
    plain = [sandbox.add_ticket() for _ in range(150)]
    tagged = [sandbox.add_ticket(tags=["refund"]) for _ in range(20)]

    job = run_job("add_tags", tickets=[*plain, *tagged, 999_999])

    assert job.status == JobStatus.COMPLETED
    assert (job.changed_count, job.unchanged_count, job.skipped_count) == (150, 20, 1)
    assert job.total_items == job.processed_items == 171
    assert job.progress == 100


def test_tickets_that_are_as_wanted_are_not_written(sandbox, run_job):
    tagged = sandbox.add_ticket(tags=["refund"])

    run_job("add_tags", tickets=[tagged, sandbox.add_ticket()])

    assert sandbox.truth(tagged) == []


def test_a_closed_ticket_gets_its_tag_too(sandbox, run_job):
    ticket = sandbox.add_ticket(status="closed")

    job = run_job("add_tags", tickets=[ticket])

    assert sandbox.tags_of(ticket) == {"refund"}
    assert job.changed_count == 1


@pytest.mark.parametrize("statuses", [("open", "closed"), ("closed", "open")])
def test_open_and_closed_tickets_go_in_calls_of_their_own(sandbox, run_job, statuses):
    tickets = {status: sandbox.add_ticket(status=status) for status in statuses}

    job = run_job("add_tags", tickets=list(tickets.values()))

    assert job.changed_count == 2
    assert "updated_stamp" in sandbox.truth(tickets["open"])[-1]["asked"]
    assert "updated_stamp" not in sandbox.truth(tickets["closed"])[-1]["asked"]


def test_what_the_plan_says_of_a_ticket_is_still_said_once_it_is_changed(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    db.session.query(JobTicket).update({"detail": "Stays as it is: comment."})
    db.session.commit()

    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    db.session.commit()
    finish(job)

    row = db.session.query(JobTicket).one()
    assert (row.outcome, row.detail) == ("changed", "Stays as it is: comment.")


@pytest.mark.parametrize(
    ("error", "details", "result"),
    [
        ("TicketUpdateFailed", "Subject: is too odd", ("failed", "refused")),
        ("TicketUpdateFailed", "Status: closed prevents ticket update", ("skipped", "closed")),
        ("RecordNotFound", "Not found", ("skipped", "not_found")),
        ("Forbidden", "You do not have access", ("failed", "no_permission")),
    ],
)
def test_a_failed_ticket_keeps_zendesks_words_and_stops_nobody(
    sandbox, run_job, error, details, result
):
    good, bad = sandbox.add_ticket(), sandbox.add_ticket()
    sandbox.fail_ticket(bad, error=error, details=details)

    job = run_job("add_tags", tickets=[good, bad])

    assert job.status == JobStatus.COMPLETED
    assert outcomes(job) == {good: ("changed", None), bad: result}
    assert db.session.query(JobTicket).filter_by(ticket_id=bad).one().detail == details


def test_a_batch_that_zendesk_refuses_as_a_whole_fails_with_its_words(sandbox, run_job):
    sandbox.change_settings(update_many_max=10)

    job = run_job("add_tags", tickets=[sandbox.add_ticket() for _ in range(20)])

    assert (job.status, job.failed_count) == (JobStatus.COMPLETED, 20)
    assert "400" in db.session.query(JobTicket).first().detail


def test_a_ticket_that_was_changed_meanwhile_is_sent_again(sandbox, run_job):
    ticket = sandbox.add_ticket()
    sandbox.fail_ticket(ticket, error="UpdateConflict", details="outdated", times=1)

    job = run_job("add_tags", tickets=[ticket])

    assert outcomes(job) == {ticket: ("changed", None)}
    assert sandbox.tags_of(ticket) == {"refund"}


def test_a_ticket_that_conflicts_for_ever_though_nobody_moved_it_is_told_as_refused(
    sandbox, run_job
):
    ticket = sandbox.add_ticket()
    sandbox.fail_ticket(ticket, error="UpdateConflict", details="outdated", times=None)

    job = run_job("add_tags", tickets=[ticket])

    assert job.status == JobStatus.COMPLETED
    assert outcomes(job) == {ticket: ("failed", "refused")}


def test_cancelling_settles_what_was_sent_and_drops_the_rest(sandbox, in_app, make_job):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=20)  # slow enough to be met in flight
    tickets = [sandbox.add_ticket() for _ in range(300)]
    job = make_job(tickets, dry_run=False)

    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    jobs.cancel(job)
    db.session.commit()
    finish(job)

    tagged = sum(sandbox.tags_of(ticket) == {"refund"} for ticket in tickets)
    assert job.status == JobStatus.CANCELLED
    assert (job.changed_count, job.not_reached_count) == (100, 200)
    assert tagged == 100


def test_a_job_is_cancelled_without_zendesk_when_nothing_is_in_flight(sandbox, make_job):
    job = make_job([sandbox.add_ticket()])
    sandbox.change_settings(down=True)
    advance(job.job_id, Pace())

    jobs.cancel(job)
    db.session.commit()
    finish(job)

    assert job.status == JobStatus.CANCELLED


def test_two_jobs_never_have_one_ticket_in_flight(sandbox, make_job):
    ticket = sandbox.add_ticket()
    sandbox.change_settings(speed=10)  # slow enough to be met in flight
    first, second = (make_job([ticket], arguments={"tags": [tag]}, dry_run=False) for tag in "ab")

    advance(first.job_id, Pace(is_stopping=lambda: in_flight(first) > 0))
    wait = advance(second.job_id, Pace())
    db.session.refresh(second)
    assert (second.status, second.wait_reason, wait) == ("running", "other_job", 2.0)
    assert second.waits_for_id == first.id
    finish(first)
    finish(second)

    assert sandbox.tags_of(ticket) == {"a", "b"}
    assert second.waits_for_id is None


def test_a_job_that_has_other_tickets_to_send_waits_for_nobody(sandbox, make_job):
    shared, own = sandbox.add_ticket(), [sandbox.add_ticket() for _ in range(3)]
    sandbox.change_settings(speed=10)
    first = make_job([shared], arguments={"tags": ["a"]}, dry_run=False)
    second = make_job([shared, *own], arguments={"tags": ["b"]}, dry_run=False)

    advance(first.job_id, Pace(is_stopping=lambda: in_flight(first) > 0))
    advance(second.job_id, Pace(is_stopping=lambda: in_flight(second) > 0))

    db.session.refresh(second)
    assert (second.status, second.wait_reason, second.waits_for_id) == ("running", None, None)


def test_a_job_that_is_waited_for_may_be_deleted(sandbox, make_job):
    first, second = make_job([1]), make_job([1])
    second.waits_for_id = first.id
    first.status = JobStatus.CANCELLED
    db.session.commit()

    jobs.delete(first, first.user)
    db.session.commit()

    db.session.refresh(second)
    assert second.waits_for_id is None


def test_a_job_that_nobody_is_at_is_due(make_job):
    job = make_job([1])

    assert due() == [job.job_id]


def test_a_job_that_somebody_holds_is_not_due(make_job):
    job = make_job([1])

    Lease.take(job.job_id)

    assert due() == []
