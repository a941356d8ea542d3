"""What a macro changes on many tickets."""

from app.models import JobStatus
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import begin, finish, in_flight
from tests.services.engine.macro_jobs.looks import GREETING, INTERNAL, REPLY, SOLVE, comments_on


def test_sets_what_the_macro_sets_and_leaves_the_rest(sandbox, applied):
    ticket = sandbox.add_ticket(status="open", tags=["vip"], priority="low")

    job = applied([ticket], *SOLVE)

    now = sandbox.ticket(ticket)
    assert (now["status"], now["priority"]) == ("solved", "low")
    assert sandbox.tags_of(ticket) == {"vip", "refund"}
    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 1)


def test_leaves_one_comment_on_each_ticket(sandbox, applied):
    tickets = [sandbox.add_ticket(status="open") for _ in range(120)]

    job = applied(tickets, *REPLY)

    assert job.changed_count == 120
    assert {len(comments_on(sandbox, ticket)) for ticket in tickets} == {1}
    assert "on its way" in str(comments_on(sandbox, tickets[0])[0])


def test_a_comment_is_filled_in_for_each_ticket(sandbox, applied):
    tickets = [sandbox.add_ticket(status="open") for _ in range(2)]

    applied(tickets, *GREETING)

    said = {ticket: comments_on(sandbox, ticket)[0]["body"] for ticket in tickets}
    assert said == {ticket: f"We are at ticket {ticket}." for ticket in tickets}


def test_an_internal_note_stays_internal(sandbox, applied):
    ticket = sandbox.add_ticket(status="open")

    applied([ticket], *INTERNAL)

    assert [one["public"] for one in comments_on(sandbox, ticket)] == [False]


def test_the_history_of_a_ticket_names_the_job_and_the_macro(sandbox, applied):
    ticket = sandbox.add_ticket(status="open")

    job = applied([ticket], *REPLY)

    asked = sandbox.truth(ticket)[-1]["asked"]
    assert asked["metadata"] == {"giga_tools": job.job_id}
    assert asked["macro_ids"] == [job.arguments["macro_id"]]


def test_what_one_slice_has_sent_is_settled_by_the_next(sandbox, in_app, macro_job):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=20)  # slow enough to be met in flight
    tickets = [sandbox.add_ticket(status="open") for _ in range(150)]
    job = macro_job(tickets, *GREETING)
    begin(job)
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    assert in_flight(job) == 100

    finish(job)

    assert job.changed_count == 150
    assert {len(comments_on(sandbox, ticket)) for ticket in tickets} == {1}
