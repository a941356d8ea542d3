"""Tickets that somebody changed after the plan."""

from app.extensions import db
from app.models import JobStatus
from app.services import jobs
from tests.fixtures.running_jobs import finish
from tests.services.engine.macro_jobs.looks import GREETING, REPLY, comments_on, go, row_of


def test_a_ticket_that_somebody_changed_after_the_plan_is_left_alone(sandbox, macro_job):
    moved, still = (sandbox.add_ticket(status="open") for _ in range(2))
    job = macro_job([moved, still], *REPLY, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_ticket(moved, subject="Somebody was here")

    go(job)

    assert (row_of(job, moved).outcome, row_of(job, moved).reason) == (
        "skipped",
        "changed_since_plan",
    )
    assert comments_on(sandbox, moved) == []
    assert row_of(job, still).outcome == "changed"


def test_a_ticket_that_moved_while_its_comment_was_filled_in_is_left_alone(sandbox, macro_job):
    ticket = sandbox.add_ticket(status="open")
    job = macro_job([ticket], *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    sandbox.set_ticket(ticket, subject="Somebody was here")

    go(job)

    assert row_of(job, ticket).reason == "changed_since_plan"
    assert sandbox.requests["PUT /api/v2/tickets/update_many"] == 0


def test_a_canary_whose_tickets_are_all_left_alone_still_waits_for_a_look(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(30)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    for ticket in tickets[: jobs.CANARY]:
        sandbox.set_ticket(ticket, subject="Somebody was here")

    agreed = {"agreed_to_part": False, "typed_count": str(job.planned_count)}
    jobs.apply(job, job.plan_digest, job.user, **agreed, canary=True)
    db.session.commit()
    finish(job, until=JobStatus.PAUSED, slices=10)

    assert (job.pause_reason, job.skipped_count, job.planned_count) == ("canary", 25, 5)
