"""What is kept of a job's waits and of its pace."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event

from app.database import now
from app.extensions import db
from app.models import AuditEvent, Job, JobPace, JobWait
from app.services import jobs
from app.services.engine import history
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.services.waits import WaitReason
from tests.fixtures.running_jobs import finish

SECOND = timedelta(seconds=1)
ZENDESK, BUDGET = WaitReason.ZENDESK, WaitReason.BUDGET


@pytest.fixture
def job(make_job):
    return make_job([1])


@pytest.fixture
def told(job):
    """Tell that so many seconds later the job waits for something else, as the engine does."""
    with time_machine.travel(now(), tick=False) as clock:

        def tell(reason, after=0):
            clock.shift(after)
            history.waits(job, reason)
            job.wait_reason = reason
            db.session.commit()

        yield tell


def kept(job):
    """The job's waits: for what, and how many seconds."""
    db.session.commit()
    rows = db.session.query(JobWait).filter_by(job_id=job.id).order_by(JobWait.number)
    return [
        (row.reason, row.ended_at and (row.ended_at - row.began_at).total_seconds()) for row in rows
    ]


def test_a_wait_is_kept_from_its_begin_to_its_end(job, told):
    told(ZENDESK)
    told(ZENDESK, after=20)
    during = kept(job)
    told(None, after=10)

    assert during == [("zendesk", None)]
    assert kept(job) == [("zendesk", 30)]


def test_a_wait_for_something_else_ends_the_one_before(job, told):
    told(ZENDESK)
    told(BUDGET, after=20)
    told(None, after=10)

    assert kept(job) == [("zendesk", 20), ("budget", 10)]


def test_waits_for_the_same_that_follow_closely_are_one(job, told):
    for _ in range(5):
        told(BUDGET, after=2)
        told(None, after=8)
    told(BUDGET, after=60)

    assert kept(job) == [("budget", 48), ("budget", None)]


def test_the_waits_of_a_job_have_an_end(job, told, monkeypatch):
    monkeypatch.setattr(history, "MOST_WAITS", 3)

    for _ in range(5):
        told(ZENDESK, after=60)
        told(None, after=60)

    assert kept(job) == [("zendesk", 60)] * 3


def test_a_job_that_meets_trouble_keeps_it_and_goes_on(sandbox, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    sandbox.change_settings(down=True)
    advance(job.job_id, Pace())
    during = kept(job)
    sandbox.change_settings(down=False)

    finish(job)

    assert during == [("zendesk", None)]
    assert [(reason, ended is None) for reason, ended in kept(job)] == [("zendesk", False)]


def test_nobody_at_a_job_is_a_wait_if_it_lasts(sandbox, in_app, plan_job):
    job = plan_job([sandbox.add_ticket() for _ in range(150)])
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    with time_machine.travel(now(), tick=False) as clock:
        advance(job.job_id, Pace(seconds=0))
        assert kept(job) == [("worker", None)]
        clock.shift(2)
        advance(job.job_id, Pace(seconds=0))  # a moment between two slices is not worth a word
        clock.shift(90)
        advance(job.job_id, Pace(seconds=0))

        assert kept(job) == [("worker", 90), ("worker", None)]


def test_what_was_settled_when_sums_to_what_was_done(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket() for _ in range(250)])

    paces = db.session.query(JobPace).filter_by(job_id=job.id).all()

    assert sum(pace.settled for pace in paces) == job.changed_count == 250
    assert all(pace.since % 10 == 0 for pace in paces)


def test_the_later_it_is_the_longer_are_the_spans():
    spans = {history.begin_of_span(second) for second in range(48 * 3600)}

    assert len(spans) == 360 + 540 + 38 * 6
    assert {0, 10, 3590, 3600, 3660, 36_000, 36_600} <= spans
    assert history.begin_of_span(-2) == 0  # of a clock that was set back


def test_a_deleted_job_takes_its_history_with_it(sandbox, run_job, told, job):
    done = run_job(tickets=[sandbox.add_ticket()])
    db.session.add(JobWait(job_id=done.id, number=5, reason=ZENDESK, began_at=now()))
    db.session.commit()

    jobs.delete(done, done.user)
    db.session.commit()

    assert db.session.query(JobWait).count() == db.session.query(JobPace).count() == 0


def test_a_job_that_waits_for_nothing_is_not_looked_up(in_app, job):
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    history.waits(job, None)

    assert [one for one in statements if "job_waits" in one] == []


def test_a_pause_and_a_failure_of_its_own_are_in_the_audit_log(sandbox, in_app, plan_job):
    job = plan_job([sandbox.add_ticket() for _ in range(30)])
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False, canary=True)
    finish(job, until="paused")
    db.session.query(Job).filter_by(id=job.id).update({"operation": "gone"})
    jobs.resume(job, job.user)
    finish(job)

    own = db.session.query(AuditEvent).filter_by(target=job.job_id, user_id=None).all()

    assert [one.action for one in own] == ["job.paused", "job.fail"]
    assert own[0].detail == {"reason": "canary", "words": None}
    assert own[1].detail == {"error": job.error}
