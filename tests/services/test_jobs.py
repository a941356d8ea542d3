"""Jobs as people handle them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.database import now
from app.extensions import db
from app.models import TRANSITIONS, AuditEvent, Job, JobStatus, JobTicket
from app.services import accounts, jobs
from app.services.engine.status import transition
from app.services.jobs import PlanChanged


def test_the_same_form_sent_twice_makes_one_job(make_job):
    first = make_job([1], submission_key="one form")
    second = make_job([1], submission_key="one form")

    assert first.job_id == second.job_id


def test_the_same_form_sent_twice_at_once_makes_one_job(in_app, make_user, order):
    email = make_user()
    asked = order(submission_key="one form")

    def create(_):
        with in_app.test_request_context(method="POST"):
            return jobs.create(accounts.by_email(email), asked).job_id

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(create, range(8)))

    assert len(made) == 1


def test_another_persons_form_makes_another_job(make_job):
    mine = make_job([1], submission_key="one form")
    yours = make_job([1], submission_key="one form", email="other@giga.test")

    assert mine.job_id != yours.job_id


def test_the_plan_that_was_seen_is_set_in_motion_once(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])

    answers = [jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False) for _ in range(2)]

    assert answers == [True, False]
    assert (job.status, job.dry_run) == (JobStatus.PENDING, False)


def test_a_failed_job_is_not_started_again_by_an_old_page(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    job.status = JobStatus.FAILED
    db.session.commit()

    assert not jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    assert job.status == JobStatus.FAILED


def test_cancelling_twice_is_asking_once(sandbox, make_job):
    job = make_job([1])

    assert [jobs.cancel(job), jobs.cancel(job)] == [True, True]
    assert job.status == JobStatus.CANCELLING


def test_another_plan_is_not_set_in_motion(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])

    with pytest.raises(PlanChanged):
        jobs.apply(job, "another digest", job.user, agreed_to_part=False)

    assert job.status == JobStatus.PLANNED


def test_a_plan_with_only_the_first_tickets_wants_a_tick(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket() for _ in range(3)], limit=2)

    with pytest.raises(PlanChanged, match="only the first 2"):
        jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)

    assert jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True)


def test_a_discarded_plan_reaches_nobody(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket() for _ in range(3)])

    jobs.cancel(job)
    db.session.commit()

    assert (job.status, job.not_reached_count) == (JobStatus.CANCELLED, 3)
    assert job.result["not_reached"] == 3
    assert {row.reason for row in db.session.query(JobTicket)} == {"cancelled"}


def test_a_job_that_is_over_cannot_be_cancelled(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket()])

    assert not jobs.cancel(job)


def test_deleting_takes_the_ledger_along_and_leaves_a_note(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket()])
    job_id = job.job_id

    assert jobs.delete(job, job.user)
    db.session.commit()

    notes = db.session.query(AuditEvent).filter_by(target=job_id, action="job.delete")
    assert notes.one().detail["counts"]["changed"] == 1
    assert (db.session.query(Job).count(), db.session.query(JobTicket).count()) == (0, 0)


def test_only_a_job_that_is_over_can_be_deleted(make_job):
    for status in JobStatus:
        job = make_job([1])
        job.status = status
        db.session.commit()

        assert jobs.delete(job, job.user) == status.is_over


def test_plans_that_nobody_applied_expire(sandbox, plan_job):
    old, fresh = plan_job([sandbox.add_ticket()]), plan_job([sandbox.add_ticket()])
    old.planned_at = now() - timedelta(days=8)
    db.session.commit()

    assert jobs.expire_plans() == 1
    assert (old.status, fresh.status) == (JobStatus.CANCELLED, JobStatus.PLANNED)


@pytest.mark.parametrize("before", list(JobStatus))
def test_a_status_moves_exactly_as_the_table_says(make_job, before):
    job = make_job([1])

    moved = {after for after in JobStatus if moves(job, before, after)}

    assert moved == TRANSITIONS[before]


def moves(job, before, after):
    job.status = before
    db.session.commit()
    moved = transition(job.id, after)
    assert job.status == (after if moved else before)
    return moved


def test_a_plan_that_somebody_starts_as_it_expires_is_not_cancelled(sandbox, plan_job):
    old = plan_job([sandbox.add_ticket()])
    old.planned_at = now() - timedelta(days=8)
    db.session.commit()

    def start(connection, _cursor, statement, *_):
        if "jobs.planned_at <" in statement:
            connection.exec_driver_sql("UPDATE jobs SET status = 'pending'")

    event.listen(db.engine, "after_cursor_execute", start)
    try:
        expired = jobs.expire_plans()
    finally:
        event.remove(db.engine, "after_cursor_execute", start)

    db.session.refresh(old)
    assert (expired, old.status) == (0, JobStatus.PENDING)
