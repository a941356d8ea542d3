"""Idempotency-Key: what is sent twice is done once, whatever happens in between."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import func, select

from app.database import now
from app.extensions import db
from app.models import IdempotencyKey, Job
from app.services import idempotency
from app.tasks.upkeep import upkeep
from tests.api.test_problems import problem

KEY = {"Idempotency-Key": "nightly-2026-11-23"}
AT_ONCE = 4


@pytest.fixture
def order(tags_order):
    return tags_order()


def number_of_jobs():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Job))


def forget_the_answer(taken_at):
    """As a process leaves it that dies before it has answered."""
    db.session.query(IdempotencyKey).update(
        {"status": None, "body": None, "location": None, "taken_at": taken_at}
    )
    db.session.commit()


def long_ago():
    return now() - idempotency.GIVEN_UP_AFTER


def test_the_same_call_is_done_once_and_answered_alike(in_app, program, order):
    first = program.post("/jobs", order, headers=KEY)
    turned = json.dumps(dict(sorted(order.items(), reverse=True)), indent=2)

    again = program.post("/jobs", data=turned, content_type="application/json", headers=KEY)

    assert (again.status_code, again.text) == (201, first.text)
    assert again.location == first.location
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert number_of_jobs() == 1


def test_without_a_key_each_call_is_another(in_app, program, order):
    program.post("/jobs", order)
    program.post("/jobs", order)

    assert number_of_jobs() == 2


def test_the_same_key_with_other_content_is_refused(in_app, program, order):
    job = program.post("/jobs", order, headers=KEY).json

    others = [
        program.post("/jobs", order | {"tags": ["other"]}, headers=KEY),
        program.post(f"/jobs/{job['job_id']}/rerun", headers=KEY),
    ]

    for answer in others:
        assert problem(answer, 422)["errors"][0]["field"] == "Idempotency-Key"
    assert number_of_jobs() == 1


def test_a_key_is_its_owners_alone(in_app, program, program_of, order):
    first = program.post("/jobs", order, headers=KEY).json

    other = program_of("other@giga.test").post("/jobs", order, headers=KEY)

    assert other.status_code == 201
    assert other.json["job_id"] != first["job_id"]


def test_a_refused_call_leaves_its_key_free(program, order):
    view_that_is_gone = order | {"selection": {"view_id": 9}}

    refused = program.post("/jobs", view_that_is_gone, headers=KEY)
    mended = program.post("/jobs", order, headers=KEY)

    assert (refused.status_code, mended.status_code) == (422, 201)


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "ключ"])
def test_a_key_that_is_none_is_refused(program, order, key):
    answer = program.post(
        "/jobs", order, headers={"Idempotency-Key": key.encode().decode("latin1")}
    )

    assert problem(answer, 422)["errors"][0]["field"] == "Idempotency-Key"


def test_calls_at_the_same_moment_make_one_job(in_app, program, order):
    barrier = Barrier(AT_ONCE)

    def call(_):
        barrier.wait()
        return program.post("/jobs", order, headers=KEY)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(call, range(AT_ONCE)))

    done = [one for one in answers if one.status_code == 201]
    waiting = [one for one in answers if one.status_code == 409]
    assert number_of_jobs() == 1
    assert len({one.json["job_id"] for one in done}) == 1
    assert len(done) + len(waiting) == AT_ONCE
    assert all(one.headers["Retry-After"] == "2" for one in waiting)


def test_a_call_that_is_worked_on_is_told_to_come_again(in_app, program, order):
    program.post("/jobs", order, headers=KEY)
    forget_the_answer(taken_at=now())

    answer = program.post("/jobs", order, headers=KEY)

    assert answer.headers["Retry-After"] == "2"
    problem(answer, 409)


def test_a_job_whose_maker_died_before_the_answer_is_found_again(in_app, program, order):
    first = program.post("/jobs", order, headers=KEY).json
    forget_the_answer(taken_at=long_ago())

    again = program.post("/jobs", order, headers=KEY)

    assert (again.status_code, again.json["job_id"]) == (201, first["job_id"])
    assert number_of_jobs() == 1


def test_a_job_that_follows_is_found_again_though_it_is_over(in_app, program, order):
    plan = program.post("/jobs", order).json
    path = f"/jobs/{plan['job_id']}"
    program.post(f"{path}/apply", {"plan_digest": plan["plan_digest"]})
    undo = program.post(f"{path}/undo", headers=KEY).json
    program.post(f"/jobs/{undo['job_id']}/cancel")
    forget_the_answer(taken_at=long_ago())

    again = program.post(f"{path}/undo", headers=KEY)

    assert again.json["job_id"] == undo["job_id"]
    assert again.json["status"] == "cancelled"
    assert number_of_jobs() == 2


def test_after_trouble_of_ours_the_same_call_goes_on_and_no_other(app, in_app, program, order):
    app.config |= {"PROPAGATE_EXCEPTIONS": False, "TESTING": False}
    slots = app.extensions["sync_slots"]
    app.extensions["sync_slots"] = None  # the job is made, and cannot be started

    failed = program.post("/jobs", order, headers=KEY)
    app.extensions["sync_slots"] = slots
    other = program.post("/jobs", order | {"tags": ["other"]}, headers=KEY)
    again = program.post("/jobs", order, headers=KEY)

    problem(failed, 500)
    problem(other, 422)
    assert (again.status_code, again.json["status"]) == (201, "planned")
    assert number_of_jobs() == 1


def test_after_a_day_a_key_is_free_again(in_app, program, order):
    first = program.post("/jobs", order, headers=KEY).json

    with time_machine.travel(now() + timedelta(hours=23)):
        again = program.post("/jobs", order, headers=KEY).json
    with time_machine.travel(now() + timedelta(hours=25)):
        new = program.post("/jobs", order, headers=KEY).json

    assert again == first
    assert new["job_id"] != first["job_id"]


def test_upkeep_removes_old_keys(in_app, program, order):
    program.post("/jobs", order, headers=KEY)

    upkeep()
    kept = db.session.query(IdempotencyKey).count()
    db.session.rollback()
    with time_machine.travel(now() + timedelta(hours=25)):
        upkeep()

    assert (kept, db.session.query(IdempotencyKey).count()) == (1, 0)
