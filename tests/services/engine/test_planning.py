"""Plans: what they freeze, what they count, and when they are sealed."""

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import finish


def rows(job):
    return db.session.query(JobTicket).filter_by(job_id=job.id).order_by(JobTicket.position).all()


def test_a_plan_says_what_each_ticket_has_and_will_have(sandbox, plan_job):
    ticket = sandbox.add_ticket(tags=["vip"])

    job = plan_job([ticket], arguments={"tags": ["refund"]})

    assert [(row.before, row.after) for row in rows(job)] == [
        ({"tags": ["vip"]}, {"tags": ["refund", "vip"]})
    ]


def test_planning_writes_nothing_to_zendesk(sandbox, plan_job):
    plan_job([sandbox.add_ticket() for _ in range(5)])

    assert sandbox.summary()["deliveries"] == 0


def test_the_order_of_the_selection_is_kept(sandbox, plan_job):
    tickets = [sandbox.add_ticket() for _ in range(5)]

    job = plan_job(tickets[::-1])

    assert [row.ticket_id for row in rows(job)] == tickets[::-1]


def test_a_ticket_named_twice_is_planned_once(sandbox, plan_job):
    ticket = sandbox.add_ticket()

    job = plan_job([ticket, ticket])

    assert [row.ticket_id for row in rows(job)] == [ticket]


def test_the_same_plan_has_the_same_digest_and_another_has_not(sandbox, plan_job):
    tickets = [sandbox.add_ticket() for _ in range(3)]

    digests = [plan_job(tickets).plan_digest, plan_job(tickets).plan_digest]
    other = plan_job(tickets[:2]).plan_digest

    assert digests[0] == digests[1] != other


def test_a_view_is_frozen_when_it_is_read(sandbox, plan_job):
    view = sandbox.add_view("Tagged", lambda ticket: "x" in ticket.tags)
    first = {sandbox.add_ticket(tags=["x"]) for _ in range(130)}

    job = plan_job(selection={"view_id": view})
    sandbox.add_ticket(tags=["x"])

    assert {row.ticket_id for row in rows(job)} == first
    assert job.matched == 130


def test_tickets_that_a_shifting_view_hid_are_found_in_another_pass(sandbox, make_job):
    view = sandbox.add_view("Tagged", lambda ticket: "x" in ticket.tags)
    tickets = [sandbox.add_ticket(tags=["x"]) for _ in range(150)]
    job = make_job(selection={"view_id": view})

    read_pages(job, 1)
    for ticket in tickets[-40:]:  # in the page that was read: the rest moves up past the reader
        sandbox.set_ticket(ticket, remove_tags=["x"])
    finish(job, until=JobStatus.PLANNED)

    assert {row.ticket_id for row in rows(job)} == set(tickets)


def read_pages(job, number):
    """Plan until so many pages are in the ledger."""
    calls = iter(range(100))
    advance(
        job.job_id, Pace(is_stopping=lambda: len(rows(job)) >= number * 100 or next(calls) > 50)
    )
    db.session.rollback()


def test_the_limit_takes_the_first_and_says_so(sandbox, plan_job):
    view = sandbox.add_view("Tagged", lambda ticket: "x" in ticket.tags)
    for _ in range(130):
        sandbox.add_ticket(tags=["x"])

    job = plan_job(selection={"view_id": view}, limit=120)

    assert (job.total_items, job.matched, job.truncated) == (120, 130, True)


@pytest.mark.parametrize("limit", [100, 130, 200])
def test_a_limit_that_is_not_exceeded_is_not_mentioned(sandbox, plan_job, limit):
    view = sandbox.add_view("Tagged", lambda ticket: "x" in ticket.tags)
    for _ in range(100):
        sandbox.add_ticket(tags=["x"])

    job = plan_job(selection={"view_id": view}, limit=limit)

    assert (job.total_items, job.truncated) == (100, False)


def test_a_job_with_nothing_to_change_is_done_at_once(sandbox, make_job):
    job = make_job([sandbox.add_ticket(tags=["refund"])])

    finish(job)

    assert job.status == JobStatus.COMPLETED
    assert job.unchanged_count == 1


def test_an_empty_view_is_done_at_once(sandbox, make_job):
    view = sandbox.add_view("Empty", lambda ticket: False)
    job = make_job(selection={"view_id": view})

    finish(job)

    assert (job.status, job.total_items, job.progress) == (JobStatus.COMPLETED, 0, 100)


def test_a_view_that_is_gone_fails_the_job_in_words(make_job):
    job = make_job(selection={"view_id": 404})

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "View 404 is gone" in job.error
    assert "No ticket was changed" in job.error


def test_planning_goes_on_where_the_last_slice_stopped(sandbox, make_job):
    tickets = [sandbox.add_ticket() for _ in range(350)]
    job = make_job(tickets)

    read_pages(job, 2)
    db.session.refresh(job)
    assert job.total_items == 200
    finish(job, until=JobStatus.PLANNED)

    assert [row.ticket_id for row in rows(job)] == tickets
    assert sandbox.summary()["requests_by_route"]["GET /api/v2/tickets/show_many"] == 4


def test_tickets_that_are_gone_count_towards_the_limit(sandbox, plan_job):
    there = [sandbox.add_ticket() for _ in range(2)]

    job = plan_job([*there, 900_001, 900_002, 900_003], limit=3)

    assert (job.total_items, job.skipped_count, job.truncated) == (3, 1, True)
