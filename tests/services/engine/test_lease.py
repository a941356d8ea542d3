"""One worker at a time, and no write by a worker that lost its lease."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.database import now
from app.extensions import db
from app.models import Job, JobStatus
from app.services import leasing
from app.services.engine.lease import Lease, LeaseLost, fenced
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.services.engine.status import transition


@fenced
def write(_lease, job, text):
    job.error = text


def expire(job):
    db.session.query(Job).filter_by(id=job.id).update({"lease_expires_at": now() - timedelta(1)})
    db.session.commit()


def test_only_one_of_many_takes_a_job(in_app, make_job):
    job_id = make_job([1]).job_id

    def take(_):
        with in_app.app_context():
            return Lease.take(job_id)

    with ThreadPoolExecutor(8) as pool:
        taken = [lease for lease in pool.map(take, range(8)) if lease]

    assert len(taken) == 1


def test_a_job_that_is_over_cannot_be_taken(make_job):
    job = make_job([1])
    job.status = JobStatus.COMPLETED
    db.session.commit()

    assert Lease.take(job.job_id) is None


def test_a_job_whose_worker_died_is_taken_by_the_next(make_job):
    job = make_job([1])
    first = Lease.take(job.job_id)

    expire(job)
    second = Lease.take(job.job_id)

    assert second.fence > first.fence


def test_a_worker_that_lost_its_lease_cannot_write(make_job):
    job = make_job([1])
    first = Lease.take(job.job_id)
    expire(job)
    second = Lease.take(job.job_id)

    write(second, "the second wrote")
    with pytest.raises(LeaseLost):
        write(first, "the first wrote")

    db.session.refresh(job)
    assert job.error == "the second wrote"
    assert first.is_lost


def test_a_write_that_fails_leaves_nothing_behind(make_job):
    job = make_job([1])

    @fenced
    def fail(_lease, job):
        job.error = "half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail(Lease.take(job.job_id))

    db.session.refresh(job)
    assert job.error is None


def test_the_heartbeat_renews_the_lease(make_job, monkeypatch):
    monkeypatch.setattr(leasing, "HEARTBEAT_SECONDS", 0.01)
    job = make_job([1])
    lease = Lease.take(job.job_id)
    expire(job)

    with lease.kept():
        renewed = wait_for(lambda: lease.job().lease_expires_at > now())

    assert renewed
    assert not lease.is_lost


def test_the_heartbeat_notices_that_the_lease_is_lost(make_job, monkeypatch):
    monkeypatch.setattr(leasing, "HEARTBEAT_SECONDS", 0.01)
    job = make_job([1])
    first = Lease.take(job.job_id)
    expire(job)
    Lease.take(job.job_id)

    with first.kept():
        assert wait_for(lambda: first.is_lost)


def test_a_slice_that_outlasts_its_lease_keeps_it(make_job, monkeypatch):
    monkeypatch.setattr(leasing, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(leasing, "HEARTBEAT_SECONDS", 0.05)
    job = make_job([1])
    begun = now()
    taken_by_another = []

    def look():
        """Stay until the lease would long have ended, and try to take the job meanwhile."""
        while now() < begun + timedelta(seconds=2):
            taken_by_another.append(Lease.take(job.job_id))
            time.sleep(0.05)
        return True

    advance(job.job_id, Pace(is_stopping=look))

    assert len(taken_by_another) > 1
    assert set(taken_by_another) == {None}


def wait_for(condition, seconds=10):
    end = now() + timedelta(seconds=seconds)
    while not condition():
        if now() > end:
            return False
    return True


def test_a_status_changes_once_however_many_ask(in_app, make_job):
    job = make_job([1])
    job.status = JobStatus.PLANNED
    db.session.commit()
    job_pk = job.id

    def move(_):
        with in_app.app_context():
            moved = transition(job_pk, JobStatus.PENDING)
            db.session.commit()
            return moved

    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(move, range(8)))

    assert moved.count(True) == 1


def test_a_worker_that_was_frozen_past_its_lease_sends_nothing(make_job):
    lease = Lease.take(make_job([1]).job_id)
    assert lease.may_send()

    lease.ends_at = now() - timedelta(seconds=1)

    assert not lease.may_send()
