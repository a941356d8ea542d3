"""Who has the macros copied, and when."""

import json
from datetime import timedelta

import time_machine

from app.celery_config import celery_config
from app.database import now
from app.extensions import db, redis
from app.services.macro_library import freshness
from app.tasks.macro_copying import ask_for_macros, renew_macros, renew_macros_if_due
from deploy.ports import any_free


def queued():
    messages = [json.loads(one) for one in redis.lrange("giga:zendesk", 0, -1)]
    return [one["headers"]["task"] for one in messages]


def test_beat_has_them_copied_when_they_are_due_and_asks_once(in_app):
    for _ in range(3):
        renew_macros_if_due()
        db.session.rollback()

    assert queued() == ["app.tasks.macro_copying.renew_macros"]
    with time_machine.travel(now() + timedelta(seconds=61)):
        renew_macros_if_due()  # the message was lost
    assert len(queued()) == 2


def test_the_task_copies_them_and_then_they_are_not_due(in_app):
    ask_for_macros()
    assert freshness.look().is_renewing
    db.session.rollback()

    renew_macros()

    db.session.rollback()
    assert not freshness.look().is_renewing
    assert not freshness.is_due()


def test_without_a_connection_the_task_does_nothing(in_app):
    in_app.config["ZENDESK_SUBDOMAIN"] = ""

    renew_macros()
    renew_macros_if_due()

    assert queued() == []


def test_without_a_broker_nobody_is_said_to_be_on_the_way(in_app):
    in_app.extensions["celery"].conf.broker_url = f"redis://127.0.0.1:{any_free()}/0"

    assert not ask_for_macros()
    assert not freshness.look().is_renewing


def test_the_look_whether_they_are_due_does_not_wait_behind_slices():
    settings = celery_config("redis://x", "giga:", 8)

    name = settings["beat_schedule"]["macros"]["task"]
    assert settings["task_routes"][name] == {"queue": "upkeep"}
