"""Jobs in bad weather: answers that are lost, refusals, a Zendesk that is away, faults of ours."""

from io import BytesIO

import pytest
import requests

from app.extensions import db
from app.models import Job, JobStatus, JobTicket
from app.services import connection, jobs
from app.services.change import stamped
from app.services.engine.claiming import claim
from app.services.engine.lease import Lease
from app.services.engine.mark import mark
from app.services.engine.pace import Pace
from app.services.engine.slices import advance, due
from app.services.operations import _registry
from tests.fixtures.running_jobs import finish, in_flight
from tests.fixtures.zendesk import Fault


def test_a_lost_answer_changes_each_ticket_once(sandbox, transport, run_job, monkeypatch):
    tickets = [sandbox.add_ticket() for _ in range(120)]
    lose_answers(transport, monkeypatch, {1, 2})

    job = run_job("add_tags", tickets=tickets)

    assert job.changed_count == 120
    assert {len(sandbox.truth(ticket)) for ticket in tickets} == {1}


def lose_answers(transport, monkeypatch, which, *, after=True, error=None):
    """Cut the connection after (or before) Zendesk took these of the update_many calls."""
    send, calls = transport.send, iter(range(1, 1000))

    def cut(request, **options):
        if "update_many" in request.url and next(calls) in which:
            transport.faults.append(Fault(error or requests.ReadTimeout(), after=after))
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
    send = transport.send

    def refuse(request, **options):
        if not is_forbidden(request.url):
            return send(request, **options)
        answer = requests.Response()
        answer.status_code = 403
        answer.raw = BytesIO(b'{"error": {"title": "Forbidden", "message": "No access"}}')
        return answer

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


def test_what_is_in_flight_when_a_tool_is_taken_out_still_gets_its_true_result(
    job_in_flight, monkeypatch
):
    job = job_in_flight(150)
    monkeypatch.delitem(_registry, "add_tags")

    finish(job)

    assert (job.status, job.unknown_count) == (JobStatus.FAILED, 0)
    assert (job.changed_count, job.planned_count) == (100, 50)
    assert "No tool knows how to do “add_tags”" in job.error


@pytest.fixture
def job_in_flight(sandbox, in_app, make_job):
    """A job whose first hundred tickets Zendesk has, and is not done with."""

    def make(number):
        in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
        sandbox.change_settings(speed=20)  # slow enough to be met in flight
        job = make_job([sandbox.add_ticket() for _ in range(number)], dry_run=False)
        advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
        assert in_flight(job) == min(number, 100)
        return job

    return make


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


def test_each_setback_waits_longer_up_to_a_minute(sandbox, transport, make_job):
    job = make_job([sandbox.add_ticket()])
    transport.faults += [Fault(requests.ConnectTimeout()) for _ in range(8)]

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


def arrived(client, job, claimed):
    """These reached Zendesk, though the worker died before it knew."""
    content = {"additional_tags": ["refund"]} | mark(job.job_id)
    queued = client.update_each([stamped(content, one) for one in claimed])
    while not client.job_statuses([queued.id])[queued.id].is_over:
        pass


def started(job):
    status = db.session.query(Job.status).filter_by(id=job.id).scalar()
    db.session.rollback()
    return status == JobStatus.RUNNING


def died_while_sending(job):
    """As a worker leaves it that is killed between its note and its call. Gives the tickets."""
    claimed = claim(Lease.take(job.job_id), "a batch")
    db.session.query(Job).filter_by(id=job.id).update({"lease_expires_at": None})
    db.session.commit()
    return claimed


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


def test_a_fault_of_ours_that_stays_ends_the_job_in_words(sandbox, make_job, monkeypatch):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    with monkeypatch.context() as broken:
        meet_faults(job, broken, 20, "planning.plan_page")
        finish(job)
    assert job.status == JobStatus.FAILED
    assert "Something went wrong on our side 20 times in a row." in job.error
    assert "the worker's log" in job.error

    jobs.resume(job)
    db.session.commit()
    assert (job.setbacks, job.faults) == (0, 0)
    finish(job)

    assert (job.status, sandbox.tags_of(ticket)) == (JobStatus.COMPLETED, {"refund"})


def meet_faults(job, monkeypatch, number, *parts):
    """Break parts of the engine, and let the job meet that so many times."""
    for part in parts:
        monkeypatch.setattr(f"app.services.engine.{part}", lambda *_: 1 / 0)
    for _ in range(number):
        with pytest.raises(ZeroDivisionError):
            advance(job.job_id, Pace())


def test_what_is_in_flight_when_a_fault_of_ours_ends_the_job_still_gets_its_true_result(
    job_in_flight, monkeypatch
):
    job = job_in_flight(150)

    meet_faults(job, monkeypatch, 20, "running.run")
    finish(job)

    assert (job.status, job.unknown_count) == (JobStatus.FAILED, 0)
    assert (job.changed_count, job.planned_count) == (100, 50)


@pytest.mark.parametrize(("cancelled", "ends_as"), [(False, "failed"), (True, "cancelled")])
def test_what_a_fault_of_ours_keeps_from_being_settled_is_given_up(
    job_in_flight, monkeypatch, cancelled, ends_as
):
    job = job_in_flight(50)
    if cancelled:
        jobs.cancel(job)
        db.session.commit()

    meet_faults(job, monkeypatch, 20, "running.run", "running.drain")
    finish(job)

    assert (job.status, job.unknown_count, in_flight(job)) == (ends_as, 50, 0)


def test_only_faults_since_the_job_last_got_on_count(sandbox, job_in_flight, monkeypatch):
    job = job_in_flight(300)
    for settled in (100, 200):
        with monkeypatch.context() as broken:
            meet_faults(job, broken, 19, "running.run")
        advance(job.job_id, Pace(is_stopping=lambda most=settled: changed(job) >= most))

    finish(job)

    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 300)


def changed(job):
    number = db.session.query(Job.changed_count).filter_by(id=job.id).scalar()
    db.session.rollback()
    return number


def test_a_zendesk_that_was_away_for_long_is_no_fault_of_ours(sandbox, make_job, monkeypatch):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    sandbox.change_settings(down=True)
    for _ in range(20):
        advance(job.job_id, Pace())
    sandbox.change_settings(down=False)
    with monkeypatch.context() as broken:
        meet_faults(job, broken, 1, "planning.plan_page")

    finish(job)

    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 1)


def test_what_is_in_flight_waits_for_the_connection_before_its_job_fails(
    in_app, job_in_flight, monkeypatch
):
    job = job_in_flight(50)
    meet_faults(job, monkeypatch, 20, "running.run")
    subdomain, in_app.config["ZENDESK_SUBDOMAIN"] = in_app.config["ZENDESK_SUBDOMAIN"], ""
    advance(job.job_id, Pace())
    db.session.refresh(job)
    waited_for = job.wait_reason
    in_app.config["ZENDESK_SUBDOMAIN"] = subdomain

    finish(job)

    assert waited_for == "sign_in"
    assert (job.status, job.changed_count) == (JobStatus.FAILED, 50)


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


def page_for_all(status, body):
    def wsgi_app(_environ, start_response):
        start_response(
            f"{status} Said", [("Content-Type", "text/html"), ("Location", "/elsewhere")]
        )
        return [body.encode()]

    return wsgi_app


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
