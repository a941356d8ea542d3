"""The plan of a macro job."""

from app.extensions import db
from app.models import AuditEvent, JobStatus, JobTicket
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.zendesk.sandbox.fields import PRODUCT_FIELD, SYMPTOMS_FIELD
from tests.fixtures.running_jobs import finish
from tests.services.engine.macro_jobs.looks import (
    REPLY,
    SOLVE,
    UNCLEAR,
    asked_for_renderings,
    row_of,
)


def test_what_only_zendesk_knows_is_asked_for_each_ticket_before_the_plan_is_sealed(
    sandbox, macro_job
):
    tickets = [sandbox.add_ticket(status="open") for _ in range(3)]
    job = macro_job(tickets, *UNCLEAR, dry_run=True)

    finish(job, until=JobStatus.PLANNED)

    assert row_of(job, tickets[0]).after["priority"] == "high"
    assert str(SYMPTOMS_FIELD) in row_of(job, tickets[0]).after["custom_fields"]


def test_what_was_found_out_before_zendesk_failed_is_not_asked_for_again(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *UNCLEAR, dry_run=True)
    trouble = {"kind": "cut_before", "route": "GET /tickets/*/macros/*/apply", "times": 1}
    sandbox.change_settings(faults=[trouble | {"after": 30}])

    advance(job.job_id, Pace(seconds=10))
    db.session.refresh(job)
    assert (job.status, job.wait_reason) == ("planning", "zendesk")
    assert 30 <= job.total_items < 60
    finish(job, until=JobStatus.PLANNED)

    planned = db.session.query(JobTicket.ticket_id).filter_by(job_id=job.id)
    assert {row.ticket_id for row in planned} == set(tickets)
    assert asked_for_renderings(sandbox) == 60 + 1


def test_a_plan_that_zendesk_would_not_carry_out_so_is_stopped(sandbox, macro_job, monkeypatch):
    product = (f"custom_fields_{PRODUCT_FIELD}", "kettle_k2")
    job = macro_job([sandbox.add_ticket(status="open")], product)
    misreckon(monkeypatch)

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "1 of 1 tickets" in job.error
    assert "by our reckoning" in job.error
    assert job.started_at is None


def test_what_tickets_hold_goes_with_their_job_and_not_into_the_audit_log(
    sandbox, macro_job, monkeypatch
):
    product = (f"custom_fields_{PRODUCT_FIELD}", "kettle_k2")
    job = macro_job([sandbox.add_ticket(status="open", tags=["a_secret"])], product)
    misreckon(monkeypatch)

    finish(job)

    failed = db.session.query(AuditEvent).filter_by(action="job.fail").one()
    assert "a_secret" in job.error
    assert "1 of 1 tickets" in failed.detail["error"]
    assert "a_secret" not in failed.detail["error"]


def misreckon(monkeypatch):
    """We take tags of drop-downs for none."""
    monkeypatch.setattr(
        "app.services.macros.account.Account.tags_of", lambda self, fields: frozenset()
    )


def test_the_seal_covers_what_the_macro_does(sandbox, macro_job, make_job):
    ticket = sandbox.add_ticket(status="open", tags=["refund"])
    job = macro_job([ticket], *SOLVE, dry_run=True)
    again, later = (
        make_job([ticket], operation=job.operation, arguments=job.arguments) for _ in range(2)
    )
    finish(job, until=JobStatus.PLANNED)
    finish(again, until=JobStatus.PLANNED)
    # It has the same effect on this ticket.
    sandbox.set_macro(job.arguments["macro_id"], actions=SOLVE[:1])
    finish(later, until=JobStatus.PLANNED)

    assert again.plan_digest == job.plan_digest
    assert later.plan_digest != job.plan_digest


def test_a_closed_ticket_is_not_tried(sandbox, applied):
    ticket = sandbox.add_ticket(status="closed")

    job = applied([ticket], *REPLY)

    assert row_of(job, ticket).reason == "closed"
    assert sandbox.truth(ticket) == []
