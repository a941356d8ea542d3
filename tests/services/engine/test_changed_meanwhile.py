"""Tickets that somebody else changes between the plan and the writing."""

import pytest
import requests

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services import jobs, lineage
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import finish
from tests.fixtures.zendesk import Fault
from tests.services.engine.mishaps import forbid


@pytest.fixture
def planned(plan_job):
    """A job with its plan made, that is to give the tickets some tags, or to take them."""

    def plan(tickets, operation="add_tags", tags=("refund",)):
        return plan_job(tickets, operation=operation, tags=tags)

    return plan


def applied(job):
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True)
    db.session.commit()
    finish(job)
    return job


def undone(job):
    back = lineage.follow(job, lineage.Relation.UNDO, job.user)
    finish(back, until=JobStatus.PLANNED)
    return back if back.is_over else applied(back)


def row_of(job, ticket):
    db.session.expire_all()
    return db.session.query(JobTicket).filter_by(job_id=job.id, ticket_id=ticket).one()


@pytest.mark.parametrize(
    ("operation", "had", "meanwhile"),
    [
        ("add_tags", [], {"additional_tags": ["refund"]}),
        ("remove_tags", ["refund"], {"remove_tags": ["refund"]}),
    ],
)
def test_what_somebody_else_did_is_not_told_as_ours_and_not_undone(
    sandbox, planned, operation, had, meanwhile
):
    ours, theirs = sandbox.add_ticket(tags=had), sandbox.add_ticket(tags=had)
    job = planned([ours, theirs], operation)
    sandbox.set_ticket(theirs, **meanwhile)
    left = sandbox.tags_of(theirs)

    applied(job)
    undone(job)

    row = row_of(job, theirs)
    assert (row.outcome, row.reason) == ("unchanged", "already_so")
    assert (row.before, row.after) == (None, None)
    assert (job.changed_count, job.unchanged_count) == (1, 1)
    assert sandbox.tags_of(theirs) == left
    assert sandbox.tags_of(ours) == set(had)


def test_what_another_program_did_in_our_users_name_is_not_told_as_ours(sandbox, client, planned):
    ours, theirs = sandbox.add_ticket(), sandbox.add_ticket()
    job = planned([ours, theirs])
    queued = client.update_each([{"id": theirs, "additional_tags": ["refund"]}])
    while not client.job_statuses([queued.id])[queued.id].is_over:
        pass

    applied(job)
    undone(job)

    assert row_of(job, theirs).reason == "already_so"
    assert sandbox.tags_of(theirs) == {"refund"}
    assert sandbox.tags_of(ours) == set()


def test_of_two_jobs_only_one_has_tagged_a_ticket_that_was_closed_between_their_plans(
    sandbox, planned
):
    ticket = sandbox.add_ticket()
    before = planned([ticket])
    sandbox.set_ticket(ticket, status="closed")
    after = planned([ticket])

    applied(after)
    applied(before)

    assert row_of(after, ticket).outcome == "changed"
    assert row_of(before, ticket).reason == "already_so"


def test_a_closed_ticket_that_somebody_tagged_before_us_is_not_told_as_ours(
    sandbox, transport, planned, monkeypatch
):
    ticket = sandbox.add_ticket(status="closed")
    job = planned([ticket])
    send = transport.send

    def tagged_once_it_is_queued(request, **options):
        answer = send(request, **options)
        if "update_many" in request.url:
            sandbox.set_ticket(ticket, additional_tags=["refund"])
        return answer

    sandbox.change_settings(speed=20, job_start_delay=2)
    monkeypatch.setattr(transport, "send", tagged_once_it_is_queued)
    applied(job)

    assert changes_of(sandbox, ticket) == []
    assert row_of(job, ticket).reason == "already_so"


def test_only_what_the_ticket_still_lacked_is_told_as_ours(sandbox, planned):
    ticket = sandbox.add_ticket(tags=["vip"])
    job = planned([ticket], tags=["late", "refund"])
    sandbox.set_ticket(ticket, additional_tags=["refund", "gift"])

    applied(job)

    row = row_of(job, ticket)
    assert row.outcome == "changed"
    assert row.before == {"tags": ["gift", "refund", "vip"]}
    assert row.after == {"tags": ["gift", "late", "refund", "vip"]}
    undone(job)
    assert sandbox.tags_of(ticket) == {"vip", "refund", "gift"}


def test_another_change_to_the_ticket_keeps_no_tag_from_it(sandbox, planned):
    tickets = [sandbox.add_ticket() for _ in range(3)]
    job = planned(tickets)
    sandbox.set_ticket(tickets[1], priority="high")

    applied(job)

    assert job.changed_count == 3
    assert [len(changes_of(sandbox, ticket)) for ticket in tickets] == [1, 1, 1]


def test_a_ticket_that_was_closed_meanwhile_still_gets_its_tag(sandbox, planned):
    ticket, other = sandbox.add_ticket(), sandbox.add_ticket()
    job = planned([ticket, other])
    sandbox.set_ticket(ticket, status="closed")

    applied(job)

    assert job.changed_count == 2
    assert sandbox.tags_of(ticket) == {"refund"}


def test_a_ticket_that_zendesk_calls_closed_gets_its_tag_where_that_is_how_it_is(sandbox, planned):
    ticket = sandbox.add_ticket()
    job = planned([ticket])
    sandbox.set_ticket(ticket, status="closed")
    words = "Status: closed prevents ticket update"
    sandbox.fail_ticket(ticket, error="TicketUpdateFailed", details=words, times=1)

    applied(job)

    assert (job.changed_count, job.skipped_count) == (1, 0)
    assert sandbox.tags_of(ticket) == {"refund"}


def test_of_two_jobs_with_a_closed_ticket_only_the_first_has_changed_it(sandbox, planned):
    ticket = sandbox.add_ticket(status="closed")
    first, second = planned([ticket]), planned([ticket])

    applied(first)
    applied(second)

    assert row_of(first, ticket).outcome == "changed"
    assert (row_of(second, ticket).outcome, row_of(second, ticket).before) == ("unchanged", None)
    assert sandbox.tags_of(ticket) == {"refund"}
    assert len(changes_of(sandbox, ticket)) == 1


def test_of_closed_tickets_only_what_they_still_lack_is_told_as_ours(sandbox, planned):
    some, other, gone = (sandbox.add_ticket(status="closed") for _ in range(3))
    job = planned([some, other, gone], tags=["late", "refund"])
    sandbox.set_ticket(some, additional_tags=["refund"])
    sandbox.delete_ticket(gone)

    applied(job)

    assert row_of(job, some).before == {"tags": ["refund"]}
    assert row_of(job, other).before == {"tags": []}
    assert row_of(job, gone).reason == "not_found"
    assert job.changed_count == 2
    undone(job)
    assert (sandbox.tags_of(some), sandbox.tags_of(other)) == ({"refund"}, set())


def test_a_slice_that_is_to_end_looks_at_no_more_closed_tickets(sandbox, planned):
    tickets = [sandbox.add_ticket(status="closed") for _ in range(350)]
    job = planned(tickets)
    for ticket in tickets:
        sandbox.set_ticket(ticket, additional_tags=["refund"])
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True)
    db.session.commit()
    looks = "GET /api/v2/tickets/show_many"
    before = sandbox.requests[looks]

    advance(job.job_id, Pace(is_stopping=lambda: sandbox.requests[looks] > before))
    db.session.refresh(job)
    told = job.unchanged_count
    finish(job)

    assert told == 100
    assert job.unchanged_count == 350


def test_closed_tickets_that_cannot_be_looked_at_now_wait_for_their_turn(
    sandbox, transport, planned, monkeypatch
):
    ticket = sandbox.add_ticket(status="closed")
    job = planned([ticket])
    faults, send = iter([Fault(requests.ConnectTimeout(), after=False)]), transport.send

    def fail_once(request, **options):
        if "show_many" in request.url and (fault := next(faults, None)):
            transport.faults.append(fault)
        return send(request, **options)

    monkeypatch.setattr(transport, "send", fail_once)

    applied(job)

    assert (row_of(job, ticket).outcome, row_of(job, ticket).attempts) == ("changed", 1)


def changes_of(sandbox, ticket):
    """What was written to the ticket by us."""
    truth = sandbox.truth(ticket)
    return [entry for entry in truth if entry["via"] != "outside" and not entry["error"]]


def test_what_zendesk_told_is_kept_though_nobody_can_look_at_the_rest(
    sandbox, transport, planned, monkeypatch
):
    told, open_ = sandbox.add_ticket(), sandbox.add_ticket()
    job = planned([told, open_])
    sandbox.set_ticket(open_, additional_tags=["refund"])
    forbid(transport, monkeypatch, lambda url: "tickets/show_many" in url)

    applied(job)

    assert job.status == JobStatus.FAILED
    assert row_of(job, told).outcome == "changed"
    assert row_of(job, open_).outcome == "unknown"
