"""Undoing a job: its plan, what is put back, and what becomes of the undo itself."""

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services import accounts, jobs, lineage
from app.services.lineage import NothingToFollow, Relation
from app.zendesk.sandbox.fields import ORDER_FIELD, PRODUCT_FIELD
from tests.fixtures.running_jobs import BY_ADMIN, finish


@pytest.fixture
def owner(make_user):
    return accounts.by_email(make_user())


@pytest.fixture
def plan_undo(owner):
    """The plan that undoes the job."""

    def plan(job):
        undo = lineage.follow(job, Relation.UNDO, job.user)
        finish(undo, until=JobStatus.PLANNED)
        return undo

    return plan


@pytest.fixture
def undo(plan_undo):
    """Undo the job, to its end."""

    def run(job):
        return applied(plan_undo(job))

    return run


def applied(job):
    if job.status == JobStatus.PLANNED:
        jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True)
        db.session.commit()
        finish(job)
    return job


def row_of(job, ticket_id):
    row = db.session.query(JobTicket).filter_by(job_id=job.id, ticket_id=ticket_id).one()
    db.session.refresh(row)
    return row


def test_a_tag_job_is_undone_and_its_undoing_undone(sandbox, run_job, plan_undo, undo):
    had, lacked = sandbox.add_ticket(tags=["refund", "a"]), sandbox.add_ticket(tags=["a"])
    job = run_job(tickets=[had, lacked])

    back = plan_undo(job)
    assert sandbox.tags_of(lacked) == {"a", "refund"}
    applied(back)
    assert [sandbox.tags_of(one) for one in (had, lacked)] == [{"refund", "a"}, {"a"}]
    undo(back)

    assert [sandbox.tags_of(one) for one in (had, lacked)] == [{"refund", "a"}] * 2
    assert (back.title, back.relation) == (f"Undo: {job.title}", "undo")
    assert (back.total_items, back.changed_count) == (1, 1)


def test_tickets_that_lose_the_same_tags_go_in_one_call_and_closed_ones_in_another(
    sandbox, run_job, undo
):
    kinds = ([], ["a"], ["a", "b"])
    tickets = [sandbox.add_ticket(tags=kinds[number % 2]) for number in range(60)]
    before = {one: sandbox.tags_of(one) for one in tickets}
    job = run_job("add_tags", tickets=tickets, tags=["a", "b"])
    sandbox.set_ticket(tickets[0], status="closed")
    calls = sandbox.requests["PUT /api/v2/tickets/update_many"]

    back = undo(job)

    assert {one: sandbox.tags_of(one) for one in tickets} == before
    assert back.changed_count == 60
    assert sandbox.requests["PUT /api/v2/tickets/update_many"] - calls == 3


def test_a_set_of_tags_is_undone_as_the_difference_that_it_made(sandbox, run_job, undo):
    ticket = sandbox.add_ticket(tags=["a", "x"])
    job = run_job("set_tags", tickets=[ticket], tags=["a", "b"], **BY_ADMIN)
    sandbox.set_ticket(ticket, additional_tags=["urgent"])

    undo(job)

    assert sandbox.tags_of(ticket) == {"a", "x", "urgent"}


@pytest.fixture
def apply_macro(sandbox, run_job):
    def run(tickets, *actions):
        macro_id = sandbox.add_macro("Made by a test", actions)
        return run_job("apply_macro", tickets=tickets, arguments={"macro_id": macro_id})

    return run


def test_a_macro_is_undone_but_for_its_comment(sandbox, apply_macro, undo):
    ticket_id = sandbox.add_ticket(status="open", type="task", priority="low", tags=["kettle_k1"])
    before = told(sandbox, ticket_id)
    job = apply_macro(
        [ticket_id], ("status", "solved"), ("type", "incident"), ("priority", "high"),
        (f"custom_fields_{PRODUCT_FIELD}", "kettle_k2"), (f"custom_fields_{ORDER_FIELD}", "17"),
        ("follower", "9001"), ("comment_value", "Done."),
    )  # fmt: skip

    back = undo(job)

    assert told(sandbox, ticket_id) == before
    assert [one["comment"] for one in sandbox.truth(ticket_id)].count(None) == 1
    row = row_of(back, ticket_id)
    assert (row.outcome, row.detail) == (
        "changed",
        "Stays as it is: comment (cannot be taken back).",
    )
    assert not row.quotes_zendesk


PARTS = ("status", "custom_status_id", "type", "priority", "tags", "follower_ids")


def told(sandbox, ticket_id):
    """The ticket, as far as jobs change it."""
    found = sandbox.ticket(ticket_id)
    values = {one["id"]: one["value"] for one in found["custom_fields"] if one["value"]}
    return {part: found[part] for part in PARTS} | values


def test_a_ticket_that_moves_after_the_undo_was_planned_keeps_its_fields(
    sandbox, apply_macro, plan_undo
):
    ticket_id = sandbox.add_ticket(type="task")
    back = plan_undo(apply_macro([ticket_id], ("type", "incident")))
    sandbox.set_ticket(ticket_id, subject="Somebody was here")

    applied(back)

    assert sandbox.ticket(ticket_id)["type"] == "incident"
    assert row_of(back, ticket_id).reason == "changed_since_plan"


def test_a_ticket_that_is_gone_is_left_alone(sandbox, run_job, undo):
    ticket_id = sandbox.add_ticket()
    job = run_job(tickets=[ticket_id])
    sandbox.delete_ticket(ticket_id)

    back = undo(job)

    assert (back.status, row_of(back, ticket_id).reason) == (JobStatus.COMPLETED, "not_found")


def test_what_failed_of_an_undo_is_retried(sandbox, run_job, undo, owner):
    good, bad = (sandbox.add_ticket() for _ in range(2))
    job = run_job(tickets=[good, bad])
    sandbox.fail_ticket(bad, times=1)
    back = undo(job)
    assert row_of(back, bad).outcome == "failed"
    assert row_of(back, bad).quotes_zendesk

    retry = lineage.follow(back, Relation.RETRY, owner)
    finish(retry, until=JobStatus.PLANNED)
    applied(retry)

    assert (retry.title, retry.changed_count) == (f"Retry: Undo: {job.title}", 1)
    assert sandbox.tags_of(bad) == set()


def test_a_cancelled_undo_is_finished(sandbox, run_job, plan_undo, owner):
    ticket_id = sandbox.add_ticket()
    back = plan_undo(run_job(tickets=[ticket_id]))
    jobs.cancel(back)
    db.session.commit()

    rest = lineage.follow(back, Relation.FINISH, owner)
    finish(rest, until=JobStatus.PLANNED)
    applied(rest)

    assert (rest.title, sandbox.tags_of(ticket_id)) == (f"The rest: {back.title}", set())


def test_the_job_may_be_deleted_once_its_undo_is_planned(sandbox, run_job, plan_undo, owner):
    ticket_id = sandbox.add_ticket()
    job = run_job(tickets=[ticket_id])
    back = plan_undo(job)
    jobs.delete(job, owner)
    db.session.commit()

    applied(back)

    assert (back.status, sandbox.tags_of(ticket_id)) == (JobStatus.COMPLETED, set())


def test_a_job_that_was_deleted_before_cannot_be_undone(sandbox, run_job, owner):
    ticket_id = sandbox.add_ticket()
    job = run_job(tickets=[ticket_id])
    back = lineage.follow(job, Relation.UNDO, owner)
    jobs.delete(job, owner)
    db.session.commit()

    finish(back)

    assert "was deleted" in back.error
    assert sandbox.tags_of(ticket_id) == {"refund"}


def test_undo_is_offered_only_where_there_is_something_to_undo(
    sandbox, run_job, apply_macro, owner
):
    nothing = run_job(tickets=[sandbox.add_ticket(tags=["refund"])])
    comment = apply_macro([sandbox.add_ticket(status="open")], ("comment_value", "Hello."))

    for job in (nothing, comment):
        assert Relation.UNDO not in lineage.offered(job)
        with pytest.raises(NothingToFollow, match="nothing to undo"):
            lineage.follow(job, Relation.UNDO, owner)
