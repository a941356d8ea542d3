"""Faults of ours: tried again, and not for ever."""

import pytest

from app.extensions import db
from app.models import Job, JobStatus
from app.services import jobs
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import finish, in_flight


def test_a_fault_of_ours_is_told_and_the_job_is_tried_again_later(sandbox, make_job, monkeypatch):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    with monkeypatch.context() as broken:
        broken.setattr("app.services.engine.planning.plan_page", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            advance(job.job_id, Pace())

    db.session.refresh(job)
    assert (job.wait_reason, job.lease_owner, job.setbacks) == ("internal", None, 1)
    assert job.wake_at > job.created_at
    finish(job)

    assert sandbox.tags_of(ticket) == {"refund"}


def test_a_fault_of_ours_that_stays_ends_the_job_in_words(sandbox, make_job, monkeypatch):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    with monkeypatch.context() as broken:
        meet_faults(job, broken, 20, "planning.plan_page")
        finish(job)
    assert job.status == JobStatus.FAILED
    assert "Something went wrong on our side 20 times in a row." in job.error
    assert "the worker's log" in job.error

    jobs.resume(job)
    db.session.commit()
    assert (job.setbacks, job.faults) == (0, 0)
    finish(job)

    assert (job.status, sandbox.tags_of(ticket)) == (JobStatus.COMPLETED, {"refund"})


def meet_faults(job, monkeypatch, number, *parts):
    """Break parts of the engine, and let the job meet that so many times."""
    for part in parts:
        monkeypatch.setattr(f"app.services.engine.{part}", lambda *_: 1 / 0)
    for _ in range(number):
        with pytest.raises(ZeroDivisionError):
            advance(job.job_id, Pace())


def test_what_is_in_flight_when_a_fault_of_ours_ends_the_job_still_gets_its_true_result(
    job_in_flight, monkeypatch
):
    job = job_in_flight(150)

    meet_faults(job, monkeypatch, 20, "running.run")
    finish(job)

    assert (job.status, job.unknown_count) == (JobStatus.FAILED, 0)
    assert (job.changed_count, job.planned_count) == (100, 50)


@pytest.mark.parametrize(("cancelled", "ends_as"), [(False, "failed"), (True, "cancelled")])
def test_what_a_fault_of_ours_keeps_from_being_settled_is_given_up(
    job_in_flight, monkeypatch, cancelled, ends_as
):
    job = job_in_flight(50)
    if cancelled:
        jobs.cancel(job)
        db.session.commit()

    meet_faults(job, monkeypatch, 20, "running.run", "running.drain")
    finish(job)

    assert (job.status, job.unknown_count, in_flight(job)) == (ends_as, 50, 0)


def test_only_faults_since_the_job_last_got_on_count(sandbox, job_in_flight, monkeypatch):
    job = job_in_flight(300)
    for settled in (100, 200):
        with monkeypatch.context() as broken:
            meet_faults(job, broken, 19, "running.run")
        advance(job.job_id, Pace(is_stopping=lambda most=settled: changed(job) >= most))

    finish(job)

    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 300)


def changed(job):
    number = db.session.query(Job.changed_count).filter_by(id=job.id).scalar()
    db.session.rollback()
    return number


def test_a_zendesk_that_was_away_for_long_is_no_fault_of_ours(sandbox, make_job, monkeypatch):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    sandbox.change_settings(down=True)
    for _ in range(20):
        advance(job.job_id, Pace())
    sandbox.change_settings(down=False)
    with monkeypatch.context() as broken:
        meet_faults(job, broken, 1, "planning.plan_page")

    finish(job)

    assert (job.status, job.changed_count) == (JobStatus.COMPLETED, 1)


def test_what_is_in_flight_waits_for_the_connection_before_its_job_fails(
    in_app, job_in_flight, monkeypatch
):
    job = job_in_flight(50)
    meet_faults(job, monkeypatch, 20, "running.run")
    subdomain, in_app.config["ZENDESK_SUBDOMAIN"] = in_app.config["ZENDESK_SUBDOMAIN"], ""
    advance(job.job_id, Pace())
    db.session.refresh(job)
    waited_for = job.wait_reason
    in_app.config["ZENDESK_SUBDOMAIN"] = subdomain

    finish(job)

    assert waited_for == "sign_in"
    assert (job.status, job.changed_count) == (JobStatus.FAILED, 50)
