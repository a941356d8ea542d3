"""What became of jobs: noted with them, and handed out once to each who wants it."""

import json
from datetime import timedelta

import pytest
import time_machine

from app.database import now
from app.extensions import db, redis
from app.models import (
    Delivery,
    EventName,
    Job,
    JobStatus,
    Role,
)
from app.services import accounts, jobs
from app.services.engine import history, status
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.services.notices import outbox, tries
from app.services.waits import WaitReason
from app.tasks.upkeep import upkeep
from tests.fixtures.mail import SENDER
from tests.fixtures.notices import deliveries, events
from tests.fixtures.running_jobs import BY_ADMIN, finish

OWNER, BOSS = "agent@giga.test", "admin@giga.test"


def names():
    return [one.name for one in events()]


def test_a_job_that_is_done_is_noted_with_its_counts(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket(), sandbox.add_ticket(tags=["refund"])])

    done = events()[-1]

    assert (done.name, done.job_id, done.owner_id) == (
        EventName.COMPLETED,
        job.job_id,
        job.user_id,
    )
    assert done.facts["counts"] == job.counts
    assert (done.facts["title"], done.facts["status"]) == (job.title, "completed")


def test_a_job_that_fails_is_noted_without_what_its_error_may_quote(make_job):
    job = make_job([1], operation="no_such_operation", **BY_ADMIN)
    finish(job)

    failed = events()[-1]

    assert failed.name == EventName.FAILED
    assert "\n" not in failed.facts["error"]


def test_an_error_of_several_lines_is_noted_by_its_first(make_job):
    job = make_job([1])
    put(job, JobStatus.RUNNING)

    status.over(job, JobStatus.FAILED, error="They differ.\nTicket 1: secret words")
    db.session.commit()

    assert events()[-1].facts["error"] == "They differ."


def put(job, at):
    db.session.query(Job).filter_by(id=job.id).update({"status": at})
    db.session.commit()


def test_what_a_cancelled_plan_would_have_done_is_told_as_not_reached(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])

    jobs.cancel(job)
    db.session.commit()

    cancelled = events()[-1]
    assert cancelled.name == EventName.CANCELLED
    assert cancelled.facts["counts"] == job.counts
    assert job.not_reached_count == 1


def test_a_job_that_pauses_by_itself_is_noted_and_one_that_a_person_pauses_is_not(make_job):
    by_itself, by_person = make_job([1]), make_job([2])
    for job, reason in ((by_itself, "breaker"), (by_person, None)):
        put(job, JobStatus.PAUSING)
        job.pause_reason = reason
        assert status.paused(job)
    db.session.commit()

    assert [(one.name, one.job_id) for one in events()] == [(EventName.PAUSED, by_itself.job_id)]


def test_a_job_and_what_is_noted_of_it_are_kept_or_lost_together(make_job):
    job = make_job([1])
    put(job, JobStatus.RUNNING)

    status.over(job, JobStatus.COMPLETED)
    db.session.rollback()

    assert (job.status, names()) == (JobStatus.RUNNING, [])


def test_a_wait_for_credentials_is_noted_once(in_app, make_job):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"
    job = make_job([1])

    advance(job.job_id, Pace(seconds=10))
    db.session.refresh(job)
    history.goes_on(job)
    db.session.commit()
    advance(job.job_id, Pace(seconds=10))

    assert (job.wait_reason, names()) == (WaitReason.SIGN_IN, [EventName.SIGN_IN])


def test_a_wait_for_credentials_is_told_only_if_it_lasts(in_app, put_webhook, make_job):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"
    put_webhook(events=[EventName.SIGN_IN])
    job = make_job([1])
    advance(job.job_id, Pace(seconds=10))

    outbox.hand_out()
    at_once = len(deliveries())
    with time_machine.travel(now() + timedelta(seconds=61)):
        outbox.hand_out()

    assert (at_once, len(deliveries())) == (0, 1)


def test_a_plan_that_somebody_has_seen_to_is_told_to_nobody(sandbox, plan_job, put_webhook):
    put_webhook(events=[EventName.PLANNED])
    waiting, discarded = plan_job([sandbox.add_ticket()]), plan_job([sandbox.add_ticket()])
    jobs.discard(discarded)
    db.session.commit()

    outbox.hand_out()

    (sent,) = deliveries()
    assert sent.event.job_id == waiting.job_id


def test_a_job_that_runs_through_is_told_once(sandbox, run_job, put_webhook):
    put_webhook(events=list(EventName))

    run_job(tickets=[sandbox.add_ticket()])
    outbox.hand_out()

    assert [one.event.name for one in deliveries()] == [EventName.COMPLETED]


def test_an_event_is_handed_out_once_to_each_who_wants_it(put_event, put_webhook):
    first, second = put_webhook(), put_webhook()
    put_webhook(events=[EventName.PAUSED])
    put_webhook(enabled=False)
    put_event(EventName.COMPLETED)

    outbox.hand_out()
    outbox.hand_out()

    assert [one.webhook_id for one in deliveries()] == [first.id, second.id]
    assert [one.due_at for one in events()] == [None]


@pytest.mark.parametrize(
    ("who", "by"), [("agent@giga.test", "owner"), ("admin@giga.test", "admin"), (None, "program")]
)
def test_who_cancelled_a_job_is_told(sandbox, plan_job, make_user, who, by):
    job = plan_job([sandbox.add_ticket()])
    make_user(BOSS, Role.ADMIN)
    db.session.rollback()
    jobs.cancel(job, who and accounts.by_email(who))
    db.session.commit()

    outbox.hand_out()

    assert events()[-1].facts["by"] == by


def test_one_event_that_cannot_be_handed_out_does_not_hold_up_the_others(
    in_app, put_event, put_webhook
):
    put_webhook()
    put_event(EventName.COMPLETED)
    broken, fine = events()[0], put_event(EventName.COMPLETED)
    broken.facts, in_order = {"counts": None}, fine.id
    in_app.config |= {"SMTP_URL": "smtp+plain://127.0.0.1:1", "MAIL_FROM": SENDER}
    db.session.commit()

    outbox.hand_out()

    assert [one.event_id for one in deliveries()] == [in_order]


def test_what_is_older_than_the_log_is_forgotten_with_its_deliveries(put_event, put_webhook):
    put_webhook()
    put_event(EventName.COMPLETED)
    outbox.hand_out()

    with time_machine.travel(now() + timedelta(days=31)):
        assert outbox.has_work()
        outbox.hand_out()

        assert (events(), deliveries()) == ([], [])
        assert not outbox.has_work()


def test_of_two_workers_one_takes_a_delivery(put_event, put_webhook):
    put_webhook()
    put_event(EventName.COMPLETED)
    outbox.hand_out()
    (delivery,) = deliveries()

    taken = [tries.take(delivery.id, delivery.attempts) for _ in range(2)]

    assert taken == [True, False]


def test_a_delivery_whose_worker_died_is_tried_again(put_event, put_webhook):
    webhook = put_webhook()
    put_event(EventName.COMPLETED)
    outbox.hand_out()

    assert len(list(tries.taken(Delivery.webhook_id == webhook.id))) == 1
    assert list(tries.taken(Delivery.webhook_id == webhook.id)) == []
    with time_machine.travel(now() + timedelta(seconds=61)):
        assert len(list(tries.taken(Delivery.webhook_id == webhook.id))) == 1


def test_upkeep_lets_a_worker_see_to_the_outbox(in_app, put_event, put_webhook, queued):
    upkeep()
    nothing = queued()
    put_event(EventName.COMPLETED)

    upkeep()

    assert nothing == []
    assert queued() == ["app.tasks.notices.hand_out"]


@pytest.fixture
def queued(in_app):
    """The tasks that stand in the queue of notices."""

    def queued():
        waiting = redis.client.lrange(redis.key("notices"), 0, -1)
        return [json.loads(one)["headers"]["task"] for one in waiting]

    return queued
