"""Jobs run to their end against the sandbox, in good weather and bad."""

import pytest
import requests

from app.extensions import db
from app.models import Job, JobStatus, JobTicket, Stage
from app.services import jobs
from app.services.engine import ledger
from app.services.engine.lease import Lease
from app.services.engine.pace import Pace
from app.services.engine.slices import advance, due
from tests.fixtures.running_jobs import finish
from tests.fixtures.zendesk import Fault


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


def test_a_ticket_that_was_changed_meanwhile_is_sent_again(sandbox, run_job):
    ticket = sandbox.add_ticket()
    sandbox.fail_ticket(ticket, error="UpdateConflict", details="outdated", times=1)

    job = run_job("add_tags", tickets=[ticket])

    assert outcomes(job) == {ticket: ("changed", None)}
    assert sandbox.tags_of(ticket) == {"refund"}


def test_a_ticket_that_conflicts_for_ever_ends_as_unknown(sandbox, run_job):
    ticket = sandbox.add_ticket()
    sandbox.fail_ticket(ticket, error="UpdateConflict", details="outdated", times=None)

    job = run_job("add_tags", tickets=[ticket])

    assert job.status == JobStatus.COMPLETED
    assert outcomes(job) == {ticket: ("unknown", "result_unknown")}


def test_a_lost_answer_changes_each_ticket_once(sandbox, transport, run_job, monkeypatch):
    tickets = [sandbox.add_ticket() for _ in range(120)]
    lose_answers(transport, monkeypatch, {1, 2})

    job = run_job("add_tags", tickets=tickets)

    assert job.changed_count == 120
    assert {len(sandbox.truth(ticket)) for ticket in tickets} == {1}


def lose_answers(transport, monkeypatch, which):
    """Cut the connection after Zendesk took these of the update_many calls."""
    send, calls = transport.send, iter(range(1, 1000))

    def cut(request, **options):
        if "update_many" in request.url and next(calls) in which:
            transport.faults.append(Fault(requests.ReadTimeout(), after=True))
        return send(request, **options)

    monkeypatch.setattr(transport, "send", cut)


def test_zendesk_being_down_loses_nothing(sandbox, make_job):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    sandbox.change_settings(down=True)

    wait = advance(job.job_id, Pace())
    db.session.refresh(job)
    assert (job.status, job.wait_reason, wait) == ("planning", "zendesk", 2.0)
    sandbox.change_settings(down=False)
    finish(job)

    assert sandbox.tags_of(ticket) == {"refund"}
    assert (job.wait_reason, job.setbacks) == (None, 0)


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


def forbid(transport, monkeypatch, is_forbidden):
    """Zendesk answers 403 to calls of these addresses."""
    answer = requests.Response()
    answer.status_code = 403
    answer._content = b'{"error": {"title": "Forbidden", "message": "No access"}}'  # noqa: SLF001
    send = transport.send

    def refuse(request, **options):
        return answer if is_forbidden(request.url) else send(request, **options)

    monkeypatch.setattr(transport, "send", refuse)


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
    monkeypatch.setattr("app.zendesk.bulk.FORGOTTEN_SECONDS", 0.2)
    tickets = [sandbox.add_ticket() for _ in range(50)]
    forget_zendesk_jobs(transport, monkeypatch)

    job = run_job("add_tags", tickets=tickets)

    assert job.changed_count == 50
    assert {len(sandbox.truth(ticket)) for ticket in tickets} == {1}


def forget_zendesk_jobs(transport, monkeypatch):
    send = transport.send

    def nowhere(request, **options):
        request.url = request.url.replace(
            "/job_statuses/show_many.json?ids=V3", "/job_statuses/show_many.json?ids=X"
        )
        return send(request, **options)

    monkeypatch.setattr(transport, "send", nowhere)


def test_what_was_refused_for_want_of_room_does_not_count_as_an_attempt(sandbox, make_job):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    sandbox.change_settings(requests_per_minute=2, speed=60)  # the plan alone takes one
    finish(job, slices=100_000)

    assert db.session.query(JobTicket.attempts).scalar() == 1


def test_an_operation_that_no_tool_knows_any_more_fails_its_job_in_words(make_job):
    job = make_job([1], operation="gone")

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "No tool knows how to do “gone”" in job.error


def test_what_is_asked_during_a_slice_is_not_kept_waiting(
    sandbox, transport, make_job, monkeypatch
):
    job = make_job([sandbox.add_ticket()])
    sandbox.change_settings(down=True)
    meanwhile(transport, monkeypatch, lambda: jobs.cancel(job))

    wait = advance(job.job_id, Pace())

    assert wait == 0.0
    assert due() == [job.job_id]


def meanwhile(transport, monkeypatch, act):
    """Let something happen while a slice waits for Zendesk's answer."""
    send = transport.send

    def send_and_act(request, **options):
        act()
        db.session.commit()
        return send(request, **options)

    monkeypatch.setattr(transport, "send", send_and_act)


def test_each_setback_waits_longer_up_to_a_minute(sandbox, make_job):
    job = make_job([sandbox.add_ticket()])
    sandbox.change_settings(down=True)

    waits = [advance(job.job_id, Pace()) for _ in range(8)]

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_wrong_credentials_are_waited_for_and_said(in_app, make_job):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"
    job = make_job([1])

    advance(job.job_id, Pace())
    db.session.refresh(job)

    assert (job.status, job.wait_reason) == ("planning", "sign_in")


def test_a_job_without_a_connection_waits_for_one(in_app, make_job):
    in_app.config["ZENDESK_SUBDOMAIN"] = ""
    job = make_job([1])

    advance(job.job_id, Pace())
    db.session.refresh(job)

    assert job.wait_reason == "sign_in"


def test_the_minute_limit_is_waited_for_as_long_as_zendesk_says(sandbox, make_job):
    job = make_job([sandbox.add_ticket() for _ in range(250)])
    sandbox.change_settings(requests_per_minute=1, speed=2)

    wait = advance(job.job_id, Pace())
    db.session.refresh(job)

    assert 0 < wait <= 30
    assert job.wait_reason == "rate_limit"
    assert job.wait_until is not None


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


def in_flight(job):
    number = db.session.query(JobTicket).filter(
        JobTicket.job_id == job.id, JobTicket.stage.in_([Stage.SENDING, Stage.SENT])
    )
    found = number.count()
    db.session.rollback()
    return found


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
    finish(first)
    finish(second)

    assert sandbox.tags_of(ticket) == {"a", "b"}


def test_a_batch_that_was_about_to_be_sent_when_the_worker_died_is_looked_at_first(
    sandbox, make_job
):
    tickets = [sandbox.add_ticket() for _ in range(3)]
    job = make_job(tickets, dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    died_while_sending(job)
    sandbox.set_ticket(tickets[0], additional_tags=["refund"])  # this one had arrived

    finish(job)

    deliveries = [entry for entry in sandbox.truth() if entry["via"] != "outside"]
    assert sorted(entry["ticket_id"] for entry in deliveries) == tickets[1:]
    assert job.changed_count == 3


def started(job):
    status = db.session.query(Job.status).filter_by(id=job.id).scalar()
    db.session.rollback()
    return status == JobStatus.RUNNING


def died_while_sending(job):
    """As a worker leaves it that is killed between its note and its call."""
    lease = Lease.take(job.job_id)
    ledger.claim(lease, {"additional_tags": ["refund"]})
    db.session.query(Job).filter_by(id=job.id).update({"lease_expires_at": None})
    db.session.commit()


def test_a_fault_of_ours_is_told_and_the_job_is_tried_again_later(sandbox, make_job, monkeypatch):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    with monkeypatch.context() as broken:
        broken.setattr("app.services.engine.planning.plan_page", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            advance(job.job_id, Pace())

    db.session.refresh(job)
    assert (job.wait_reason, job.lease_owner, job.setbacks) == ("internal", None, 1)
    assert job.wake_at > job.created_at
    finish(job)

    assert sandbox.tags_of(ticket) == {"refund"}


def test_a_job_that_nobody_is_at_is_due(make_job):
    job = make_job([1])

    assert due() == [job.job_id]


def test_a_job_that_somebody_holds_is_not_due(make_job):
    job = make_job([1])

    Lease.take(job.job_id)

    assert due() == []
