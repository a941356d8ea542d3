"""What a job may be about: several views at once, what a search finds."""

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services import selections
from tests.fixtures.running_jobs import finish


def planned(job):
    """The ids of its tickets, in their order."""
    rows = db.session.query(JobTicket.ticket_id).filter_by(job_id=job.id)
    return [row.ticket_id for row in rows.order_by(JobTicket.position)]


@pytest.fixture
def tagged_view(sandbox):
    return lambda tag: sandbox.add_view(tag, lambda ticket: tag in ticket.tags)


def test_several_views_are_one_selection_with_each_ticket_once(sandbox, plan_job, tagged_view):
    both = [sandbox.add_ticket(tags=["x", "y"]) for _ in range(120)]
    only_x, only_y = sandbox.add_ticket(tags=["x"]), sandbox.add_ticket(tags=["y"])

    job = plan_job(selection={"view_ids": [tagged_view("x"), tagged_view("y")]})

    assert sorted(planned(job)) == sorted([*both, only_x, only_y])
    assert job.matched is None


def test_a_view_among_several_that_is_gone_fails_the_job(sandbox, make_job, tagged_view):
    sandbox.add_ticket(tags=["x"])
    job = make_job(selection={"view_ids": [tagged_view("x"), 404]})

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "View 404 is gone" in job.error


def test_a_search_gives_more_than_a_thousand(sandbox, plan_job):
    tickets = [sandbox.add_ticket(tags=["x"]) for _ in range(1_050)]
    sandbox.add_ticket(tags=["y"])

    job = plan_job(selection={"search": "tags:x"})

    assert planned(job) == tickets
    assert job.matched == 1_050


def test_a_search_that_zendesk_refuses_fails_the_job_in_its_words(make_job):
    job = make_job(selection={"search": "type:ticket tags:x"})

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "does not understand the search" in job.error
    assert "type:" in job.error


def test_a_search_whose_cursor_is_too_old_is_read_anew_from_the_front(sandbox, client):
    tickets = [sandbox.add_ticket(tags=["x"]) for _ in range(250)]
    search = selections.of({"search": "tags:x"})
    first = search.read(client, None)
    sandbox.change_settings(search_cursor_lifetime=-1)

    again = search.read(client, first.cursor)
    sandbox.change_settings(search_cursor_lifetime=3_600)
    second = search.read(client, again.cursor)

    assert [ticket.id for ticket in first.tickets] == tickets[:100]
    assert again.tickets == []
    assert second.tickets == first.tickets


def test_a_search_whose_cursors_are_never_taken_ends(sandbox, make_job):
    for _ in range(150):
        sandbox.add_ticket(tags=["x"])
    sandbox.change_settings(search_cursor_lifetime=-1)
    job = make_job(selection={"search": "tags:x"})

    finish(job)

    assert job.status == JobStatus.FAILED


def test_a_kind_of_selection_that_nobody_knows_is_a_fault():
    with pytest.raises(ValueError, match="no kind of selection"):
        selections.of({"moon": 1})
