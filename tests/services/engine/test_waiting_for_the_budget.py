"""What a job does when the rate budget has no room for it."""

import pytest
from redis import Redis

from app.extensions import db, redis
from app.models import JobStatus
from app.services import budget, connection, jobs
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import RateLimited
from app.zendesk.rate_limit import Kind
from app.zendesk.turnstile import Turn
from tests.fixtures.running_jobs import finish, in_flight
from tests.fixtures.zendesk import BASE_URL
from tests.services.engine.mishaps import lose_answers


@pytest.fixture
def account_budget(in_app):
    return budget.of(BASE_URL)


def refuse(account_budget, refusal, endpoint="GET anything"):
    """As if Zendesk had given this answer to some call of ours."""
    turn = Turn(account_budget, "somebody", Kind.PAGE)
    turn.answered(turn.enter(Endpoint(endpoint)), {}, refusal)


def test_a_job_obeys_what_zendesk_told_another(sandbox, account_budget, make_job):
    job = make_job([sandbox.add_ticket()])
    refuse(account_budget, RateLimited(429, "enough", retry_after=30))

    wait = advance(job.job_id, Pace())

    db.session.refresh(job)
    assert job.wait_reason == "rate_limit"
    assert 25 < wait <= 30
    assert asked(sandbox) == []


def test_a_count_is_worth_no_waiting(sandbox, in_app, plan_job):
    in_app.config["ZENDESK_WINDOW_SECONDS"] = 60.0
    view = sandbox.add_view("Tagged", lambda ticket: "x" in ticket.tags)
    sandbox.add_ticket(tags=["x"])

    jobs = [plan_job(selection={"view_id": view}) for _ in range(4)]

    # Of the five counts a minute that Zendesk permits for a view, two are kept for people.
    assert [job.matched for job in jobs] == [1, 1, 1, None]
    assert [job.total_items for job in jobs] == [1] * 4


def test_a_job_that_waits_for_the_budget_forgets_no_setback(sandbox, account_budget, make_job):
    job = make_job([sandbox.add_ticket()])
    connection.client().me()  # signed in already
    sandbox.change_settings(down=True)
    advance(job.job_id, Pace())

    advance(job.job_id, Pace())  # Zendesk's 503 is held against the call for some seconds

    db.session.refresh(job)
    assert (job.setbacks, job.wait_reason) == (1, "zendesk")


def test_a_job_says_when_others_have_all_the_places(sandbox, account_budget, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    finish_planning(job)
    account_budget.keep_slots("another", [str(n) for n in range(10)])

    advance(job.job_id, Pace(seconds=0.2))

    db.session.refresh(job)
    assert job.status == JobStatus.RUNNING
    assert sandbox.summary()["deliveries"] == 0
    for n in range(10):
        account_budget.free_slot(str(n))
    finish(job)
    assert job.changed_count == 1


def test_says_what_it_waits_for_while_it_does(sandbox, account_budget, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    finish_planning(job)
    account_budget.keep_slots("another", [str(n) for n in range(10)])
    seen = []

    advance(job.job_id, Pace(seconds=5, is_stopping=lambda: looked(seen, "in_flight")))

    assert "in_flight" in seen


def looked(seen, awaited):
    """Note what the job says it waits for; stop when it said that."""
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT wait_reason FROM jobs").scalar_one()
    seen.append(found)
    return found == awaited


@pytest.fixture
def waiting_job(sandbox, account_budget, make_job):
    """A running job for which there is no place."""
    job = make_job([sandbox.add_ticket()], dry_run=False)
    finish_planning(job)
    account_budget.keep_slots("another", [str(n) for n in range(10)])
    return job


@pytest.mark.parametrize(("ask", "ends_as"), [("cancel", "cancelled"), ("pause", "paused")])
def test_a_job_that_waits_for_a_place_stops_as_soon_as_it_is_asked(waiting_job, ask, ends_as):
    asked = []

    def ask_meanwhile():
        if not asked:
            asked.append(getattr(jobs, ask)(waiting_job))
            db.session.commit()
        return False

    advance(waiting_job.job_id, Pace(seconds=30, is_stopping=ask_meanwhile))

    db.session.refresh(waiting_job)
    assert waiting_job.status == ends_as


def test_a_job_with_nothing_left_to_send_waits_for_no_place(sandbox, account_budget, make_job):
    sandbox.change_settings(speed=20)
    job = make_job([sandbox.add_ticket()], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    account_budget.keep_slots("another", [str(n) for n in range(10)])

    advance(job.job_id, Pace(seconds=30))

    db.session.refresh(job)
    assert job.status == JobStatus.COMPLETED


def test_when_zendesk_took_no_more_jobs_that_is_what_is_said(waiting_job, account_budget):
    for n in range(10):
        account_budget.free_slot(str(n))
    account_budget.hold_slots(30)

    seen = []
    advance(waiting_job.job_id, Pace(seconds=5, is_stopping=lambda: looked(seen, "too_many_jobs")))

    assert "too_many_jobs" in seen


def test_the_last_answer_of_a_slice_is_told_at_its_end(sandbox, in_app, account_budget, run_job):
    in_app.config["ZENDESK_WINDOW_SECONDS"] = 60.0
    connection.client().me()  # what is known of the account is told at once

    run_job(tickets=[sandbox.add_ticket()])

    redis_key = redis.key(f"budget:{{{BASE_URL}}}:log:account")
    scores = [score for _, score in redis.zrange(redis_key, 0, -1, withscores=True)]
    newest = max(scores) / 1_000_000 - redis.time()[0]
    assert newest < 65  # none counts as still under way


def test_gives_its_places_back(sandbox, account_budget, run_job):
    tickets = [sandbox.add_ticket() for _ in range(250)]

    run_job(tickets=tickets)

    assert account_budget.report()["slots"] == []


def test_the_place_of_a_lost_batch_is_given_back_once_its_tickets_are_settled(
    sandbox, transport, account_budget, run_job, monkeypatch
):
    lose_answers(transport, monkeypatch, {1})

    run_job(tickets=[sandbox.add_ticket()])

    assert account_budget.report()["slots"] == []


def test_the_place_of_a_zendesk_job_that_never_ends_is_given_back(
    sandbox, account_budget, make_job, monkeypatch
):
    job = make_job([sandbox.add_ticket() for _ in range(50)], dry_run=False)
    sandbox.change_settings(faults=[{"kind": "job_stalls", "seconds": 1_000_000}])
    advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
    monkeypatch.setattr("app.services.engine.running.LONGEST_WORK_MINUTES", 0)

    finish(job)

    assert account_budget.report()["slots"] == []


def test_places_that_zendesk_refused_are_given_back(sandbox, account_budget, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    finish_planning(job)
    sandbox.change_settings(max_jobs=0)

    advance(job.job_id, Pace())

    db.session.refresh(job)
    assert job.wait_reason == "too_many_jobs"
    report = account_budget.report()
    assert report["slots"] == []
    assert account_budget.take_slot("another", "1", 10, 1.0).why == "asked"


def test_without_redis_a_job_asks_zendesk_nothing_and_says_so(sandbox, make_job, monkeypatch):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    monkeypatch.setattr(redis, "client", Redis.from_url("redis://127.0.0.1:1", retry=None))

    advance(job.job_id, Pace())

    db.session.refresh(job)
    assert job.wait_reason == "redis"
    assert asked(sandbox) == []


def asked(sandbox):
    """What was asked of Zendesk, signing in aside."""
    return [route for route in sandbox.summary()["requests_by_route"] if "oauth" not in route]


def finish_planning(job):
    """Plan it, and begin to run it, but send nothing yet."""
    for _ in range(20):
        advance(job.job_id, Pace(is_stopping=lambda: is_running(job)))
        if is_running(job):
            return
    raise AssertionError("it never began to run")


def is_running(job):
    db.session.rollback()
    db.session.refresh(job)
    status = job.status
    db.session.rollback()
    return status == JobStatus.RUNNING
