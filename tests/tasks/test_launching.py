"""Waking workers, with and without a broker."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine

from app.database import now
from app.extensions import db, redis
from app.models import Job
from app.services import audit_chain
from app.services.engine.slices import due
from app.tasks import shutdown, zendesk_tasks
from app.tasks.launching import launch, start
from app.tasks.upkeep import upkeep
from deploy.ports import any_free


def queued(queue="zendesk"):
    """(task, arguments) of what waits in the broker."""
    messages = [json.loads(one) for one in redis.lrange(f"giga:{queue}", 0, -1)]
    return [(one["headers"]["task"], one["headers"]["argsrepr"]) for one in messages]


@pytest.fixture
def without_redis(in_app):
    """Nobody listens where Redis should be."""
    url = f"redis://127.0.0.1:{any_free()}/0"
    in_app.extensions["celery"].conf.broker_url = url
    in_app.config["REDIS_URL"] = url
    redis.init_app(in_app)


@pytest.mark.parametrize(
    ("tool", "task"),
    [
        ("tag-manager", "tag_tickets_async"),
        ("apply-macro-to-view", "apply_macro_async"),
        ("another", "bulk_update_async"),
    ],
)
def test_operators_see_the_tools_own_task_with_the_jobs_id_alone(make_job, tool, task):
    job = make_job([1], tool_slug=tool)

    assert launch(job.job_id)

    assert queued() == [(f"app.tasks.zendesk_tasks.{task}", f"['{job.job_id}']")]


def test_a_small_job_runs_in_the_request(sandbox, make_job):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)

    start(job.job_id)

    assert sandbox.tags_of(ticket) == {"refund"}
    assert queued() == []


def test_a_job_over_the_limit_goes_to_a_worker_however_high_its_own_limit(sandbox, make_job):
    job = make_job([sandbox.add_ticket() for _ in range(501)], limit=50_000)

    start(job.job_id)

    db.session.refresh(job)
    assert (job.status, job.total_items) == ("planning", 100)  # something to look at meanwhile
    assert len(queued()) == 1


def test_a_job_of_exactly_the_limit_runs_in_the_request(sandbox, make_job):
    job = make_job([sandbox.add_ticket() for _ in range(500)])

    start(job.job_id)

    db.session.refresh(job)
    assert job.status == "planned"


def test_a_slot_is_free_again_when_its_job_is_done(in_app, sandbox, make_job):
    for _ in range(in_app.config["SYNC_SLOTS"] + 1):
        start(make_job([sandbox.add_ticket()]).job_id)

    assert queued() == []


def test_when_all_slots_are_taken_a_small_job_goes_to_a_worker(in_app, sandbox, make_job):
    slots = in_app.extensions["sync_slots"]
    while slots.acquire(blocking=False):
        pass
    job = make_job([sandbox.add_ticket()])

    start(job.job_id)

    assert len(queued()) == 1
    db.session.refresh(job)
    assert job.status == "pending"


def test_without_redis_a_job_stays_pending_and_nothing_is_written(sandbox, make_job, without_redis):
    job = make_job([sandbox.add_ticket()], dry_run=False)

    assert not start(job.job_id)

    db.session.refresh(job)
    assert job.status == "pending"
    assert sandbox.summary()["deliveries"] == 0


def test_without_redis_the_job_is_due_when_it_is_back(make_job, without_redis):
    job = make_job([1])

    assert not launch(job.job_id)

    assert due() == [job.job_id]


def test_without_redis_the_page_says_so(sign_in, make_job, without_redis):
    job = make_job([1])

    page = sign_in("agent@giga.test").get(f"/jobs/{job.job_id}").text

    assert "Redis, which passes work to the workers, cannot be reached" in page
    assert "The job goes on by itself when Redis is" in page


def test_upkeep_wakes_what_nobody_is_at(make_job):
    job = make_job([1])

    upkeep()

    assert queued() == [("app.tasks.zendesk_tasks.tag_tickets_async", f"['{job.job_id}']")]


def test_upkeep_seals_the_audit_log(make_job):
    make_job([1])

    upkeep()

    assert audit_chain.standing().unsealed == 0
    assert audit_chain.head().seal_no >= 1


def test_upkeep_does_not_wake_a_job_over_and_over(make_job):
    make_job([1])

    upkeep(), upkeep()

    assert len(queued()) == 1


def test_a_slice_whose_time_is_up_queues_the_next_one(sandbox, make_job, monkeypatch):
    monkeypatch.setattr(zendesk_tasks, "SLICE_SECONDS", 0.0)
    job = make_job([sandbox.add_ticket()])

    zendesk_tasks.tag_tickets_async(job.job_id)

    assert len(queued()) == 1


def test_a_worker_that_is_to_stop_leaves_the_job_to_another(sandbox, make_job, monkeypatch):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    monkeypatch.setattr(shutdown, "_asked", SimpleNamespace(value=0))
    shutdown.ask()

    zendesk_tasks.work(job.job_id)

    db.session.refresh(job)
    assert (job.status, job.lease_owner) == ("pending", None)
    assert len(queued()) == 1


def test_a_slice_that_must_wait_queues_nothing_and_is_woken_by_upkeep(sandbox, make_job):
    sandbox.change_settings(down=True)
    job = make_job([sandbox.add_ticket()])

    zendesk_tasks.tag_tickets_async(job.job_id)
    db.session.rollback()  # to see what the task has written
    assert (queued(), due()) == ([], [])
    assert db.session.query(Job.wake_at).scalar() > now()
    with time_machine.travel(now() + timedelta(seconds=3)):
        upkeep()

    assert len(queued()) == 1


def test_a_message_for_a_job_that_was_deleted_does_no_harm(in_app):
    zendesk_tasks.tag_tickets_async("no-such-job")

    assert queued() == []
