"""Pausing, going on, and being forced to stop."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.database import now, writing
from app.extensions import db
from app.models import AuditEvent, Job, JobStatus
from app.services import jobs
from app.services.engine.lease import Lease, LeaseLost
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import assert_counts_agree, finish, in_flight


@pytest.fixture
def running_job(sandbox, in_app, make_job):
    """A job with its first hundred tickets in flight, and two hundred to go."""
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=20)  # slow enough to be met in flight
    job = make_job([sandbox.add_ticket() for _ in range(300)], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    db.session.refresh(job)
    assert job.status == JobStatus.RUNNING
    return job


def test_a_paused_job_settles_what_was_sent_and_sends_no_more(sandbox, running_job):
    assert jobs.pause(running_job)
    db.session.commit()
    finish(running_job, until=JobStatus.PAUSED)

    assert (running_job.changed_count, running_job.planned_count) == (100, 200)
    assert in_flight(running_job) == 0
    assert sandbox.summary()["deliveries"] == 100
    assert_counts_agree(running_job)


def test_a_paused_job_does_nothing_until_it_is_resumed_and_then_the_rest(sandbox, running_job):
    jobs.pause(running_job)
    db.session.commit()
    finish(running_job, until=JobStatus.PAUSED)

    assert advance(running_job.job_id, Pace()) is None
    assert jobs.resume(running_job)
    db.session.commit()
    finish(running_job)

    assert (running_job.status, running_job.changed_count) == (JobStatus.COMPLETED, 300)
    assert sandbox.summary()["deliveries"] == 300


def test_pausing_with_nothing_in_flight_needs_no_zendesk(sandbox, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: begun(job)))
    sandbox.change_settings(down=True)

    jobs.pause(job)
    db.session.commit()
    finish(job, until=JobStatus.PAUSED)

    assert job.planned_count == 1


def begun(job):
    db.session.refresh(job)
    status = job.status
    db.session.rollback()
    return status == JobStatus.RUNNING


def test_pausing_twice_is_asking_once_and_others_cannot_be_paused(sandbox, running_job, plan_job):
    plan = plan_job([sandbox.add_ticket()])

    assert jobs.pause(running_job)
    assert jobs.pause(running_job)
    assert not jobs.pause(plan)
    assert not jobs.resume(plan)
    db.session.commit()

    assert db.session.query(AuditEvent).filter_by(action="job.pause").count() == 1


def test_a_job_that_pauses_after_its_last_ticket_is_completed(sandbox, in_app, make_job):
    sandbox.change_settings(speed=20)
    job = make_job([sandbox.add_ticket()], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))

    jobs.pause(job)
    db.session.commit()
    finish(job)

    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 1)


def test_a_failed_job_goes_on_with_what_is_left(sandbox, in_app, running_job):
    running_job.status, running_job.error = JobStatus.FAILED, "Something was wrong."
    running_job.completed_at = now()
    db.session.commit()

    assert jobs.resume(running_job)
    db.session.commit()
    finish(running_job)

    assert (running_job.status, running_job.error) == (JobStatus.COMPLETED, None)
    assert running_job.changed_count == 300


@pytest.mark.parametrize(
    ("ask", "ends_as", "left"),
    [("pause", "paused", "planned"), ("cancel", "cancelled", "not_reached")],
)
def test_a_job_that_zendesk_keeps_waiting_can_be_forced_to_stop(running_job, ask, ends_as, left):
    getattr(jobs, ask)(running_job)
    db.session.commit()
    assert not jobs.force(running_job)  # it was asked only just now
    running_job.asked_at = now() - timedelta(minutes=6)
    db.session.commit()

    assert running_job.can_be_forced
    assert jobs.force(running_job)
    db.session.commit()

    db.session.refresh(running_job)
    assert running_job.status == ends_as
    assert running_job.counts["unknown"] == 100
    assert running_job.counts[left] == 200
    assert_counts_agree(running_job)


@pytest.fixture
def long_pausing_job(running_job):
    jobs.pause(running_job)
    running_job.asked_at = now() - timedelta(minutes=6)
    db.session.commit()
    return running_job


def test_a_job_that_two_people_force_at_once_is_forced_once(in_app, long_pausing_job):
    job_pk = long_pausing_job.id
    db.session.rollback()
    both_have_looked = Barrier(2)

    def force(_):
        with in_app.app_context():
            job = db.session.get_one(Job, job_pk)
            db.session.commit()
            both_have_looked.wait()
            with writing():
                forced = jobs.force(job)
            db.session.commit()
            return forced

    with ThreadPoolExecutor(2) as pool:
        forced = list(pool.map(force, range(2)))

    db.session.refresh(long_pausing_job)
    assert sorted(forced) == [False, True]
    assert (long_pausing_job.status, long_pausing_job.unknown_count) == ("paused", 100)
    assert db.session.query(AuditEvent).filter_by(action="job.force").count() == 1
    assert_counts_agree(long_pausing_job)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_forcing_answers_what_is_asked_for_now_and_not_what_a_page_read_before(long_pausing_job):
    assert long_pausing_job.state is JobStatus.PAUSING
    with db.engine.begin() as another:
        another.exec_driver_sql("UPDATE jobs SET status = 'cancelling'")

    assert jobs.force(long_pausing_job)
    db.session.commit()

    db.session.refresh(long_pausing_job)
    assert (long_pausing_job.status, long_pausing_job.not_reached_count) == ("cancelled", 200)


def test_a_worker_cannot_write_any_more_after_its_job_was_forced(running_job):
    lease = Lease.take(running_job.job_id)
    jobs.pause(running_job)
    running_job.asked_at = now() - timedelta(minutes=6)
    db.session.commit()

    jobs.force(running_job)
    db.session.commit()

    with pytest.raises(LeaseLost):
        lease.check()


def test_the_time_of_a_pause_is_not_running_time(sandbox, running_job):
    jobs.pause(running_job)
    db.session.commit()
    finish(running_job, until=JobStatus.PAUSED)
    ran = running_job.ran_seconds

    running_job.started_at = now() - timedelta(hours=2)
    db.session.commit()

    assert running_job.running_since is None
    assert 0 < running_job.running_seconds == ran < 60
