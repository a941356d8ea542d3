"""Single tickets that are left out of a plan before it is started."""

import pytest

from app.extensions import db
from app.models import AuditEvent, JobStatus, JobTicket
from app.services import jobs, unticking
from app.services.jobs import PlanChanged
from tests.fixtures.running_jobs import assert_counts_agree, finish


@pytest.fixture
def three(sandbox, plan_job):
    """A plan of three tickets, and their ids."""
    tickets = [sandbox.add_ticket() for _ in range(3)]
    return plan_job(tickets), tickets


def untick(job, **which):
    number = unticking.untick(job, job.plan_digest, job.user, **which)
    db.session.commit()
    assert_counts_agree(job)
    return number


def start(job):
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    db.session.commit()
    finish(job)


def reasons(job):
    rows = db.session.query(JobTicket).filter_by(job_id=job.id).order_by(JobTicket.position)
    return [(row.outcome, row.reason) for row in rows]


def test_a_ticket_that_is_left_out_is_not_changed(sandbox, three):
    job, (first, second, third) = three

    untick(job, out={second})
    assert (job.to_do, job.planned_count, job.skipped_count) == (2, 2, 1)
    start(job)

    assert [sandbox.tags_of(one) for one in (first, second, third)] == [
        {"refund"},
        set(),
        {"refund"},
    ]
    assert reasons(job)[1] == ("skipped", "unticked")
    assert (job.status, job.changed_count, job.progress) == (JobStatus.COMPLETED, 2, 100)


def test_it_can_be_taken_in_again(sandbox, three):
    job, tickets = three

    untick(job, out=set(tickets))
    untick(job, back={tickets[0]})
    start(job)

    assert [bool(sandbox.tags_of(one)) for one in tickets] == [True, False, False]


def test_the_plan_that_somebody_saw_before_cannot_be_started(three):
    job, tickets = three
    seen = job.plan_digest

    untick(job, out={tickets[0]})

    assert job.plan_digest != seen
    with pytest.raises(PlanChanged):
        jobs.apply(job, seen, job.user, agreed_to_part=False)


def test_a_plan_that_changed_meanwhile_is_left_as_it_is(three):
    job, tickets = three
    seen = job.plan_digest
    untick(job, out={tickets[0]})

    with pytest.raises(PlanChanged):
        unticking.untick(job, seen, job.user, out={tickets[1]})

    db.session.rollback()
    assert [outcome for outcome, _ in reasons(job)] == ["skipped", "planned", "planned"]


def test_a_job_that_was_started_cannot_be_unticked(three):
    job, tickets = three
    digest = job.plan_digest
    start(job)

    with pytest.raises(PlanChanged):
        unticking.untick(job, digest, job.user, out={tickets[0]})


def test_only_what_the_plan_would_change_or_was_left_out_is_turned(sandbox, plan_job):
    already, other = sandbox.add_ticket(tags=["refund"]), sandbox.add_ticket()
    job = plan_job([already, other])
    digest = job.plan_digest

    assert untick(job, out={already, 999_999}, back={already, other}) == 0

    assert job.plan_digest == digest
    assert reasons(job) == [("unchanged", "already_so"), ("planned", None)]


def test_it_is_audited(three):
    job, tickets = three

    untick(job, out=set(tickets[:2]))

    event = db.session.query(AuditEvent).filter_by(action="job.untick").one()
    assert event.detail == {"left_out": 2, "taken_in": 0}
