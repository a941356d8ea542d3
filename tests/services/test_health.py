"""How each part is, where something is not well."""

import json
import shutil
import time
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app import create_app
from app.config import VERSION, Config
from app.database import now
from app.extensions import db, redis
from app.models import Job, JobWait, OAuthToken
from app.services import health, presence
from app.services.checkup import Level
from app.services.waits import WaitReason
from tests.fixtures.zendesk import BASE_URL

Usage = namedtuple("Usage", "total used free")
NOWHERE = Config(
    SQLALCHEMY_DATABASE_URI="postgresql+psycopg://127.0.0.1:1/none",
    REDIS_URL="redis://127.0.0.1:1",
    ZENDESK_SUBDOMAIN="acme",
)


def test_the_version_is_that_of_the_project():
    assert f'\nversion = "{VERSION}"\n' in Path("pyproject.toml").read_text()


def test_with_nothing_there_every_part_is_told_of_all_the_same():
    with create_app(NOWHERE).app_context():
        told = {part.name: part for part in health.look()}

    troubles = {name for name, part in told.items() if part.level is Level.PROBLEM}
    assert troubles == {"Workers", "Scheduler", "Broker", "Database", "Zendesk", "Queue"}
    assert all(told[name].advice for name in troubles)
    assert told["Web"].level is Level.OK


def test_a_part_that_hangs_is_not_waited_for(in_app, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.01)
    with db.engine.begin():
        told = {part.name: part for part in health.ask_all({"Slow": lambda: time.sleep(0.3)})}

    assert told["Slow"].words.startswith("No answer came")


def test_a_worker_that_fell_silent_is_named(in_app):
    heard = json.dumps({"version": VERSION, "at": time.time() - 100})
    redis.hset(redis.key("alive:workers"), "celery@gone", heard)

    part = health.workers()

    assert (part.level, part.facts) == (
        Level.PROBLEM,
        [("celery@gone", f"version {VERSION}, last heard 100 s ago")],
    )


def test_a_worker_that_is_gone_for_long_is_forgotten(in_app):
    heard = json.dumps({"version": VERSION, "at": time.time() - 4000})
    redis.hset(redis.key("alive:workers"), "celery@gone", heard)

    assert presence.workers() == []
    assert redis.hgetall(redis.key("alive:workers")) == {}


def test_a_worker_of_another_version_is_to_be_restarted(in_app):
    presence.worker_is_here("celery@new")
    heard = json.dumps({"version": "0.0.9", "at": time.time()})
    redis.hset(redis.key("alive:workers"), "celery@old", heard)

    part = health.workers()

    assert (part.level, "0.0.9" in part.words) == (Level.WARNING, True)


def test_tables_of_another_version_are_a_problem(in_app):
    version = "SELECT version_num FROM alembic_version"
    with db.engine.begin() as database:
        newest = database.exec_driver_sql(version).scalar_one()
        database.exec_driver_sql("UPDATE alembic_version SET version_num = '6f1d93ab47ce'")
    behind = health.database()
    with db.engine.begin() as database:
        database.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newest}'")

    assert (behind.level, behind.advice[:22]) == (Level.PROBLEM, "Run: flask db upgrade.")
    assert health.database().level is Level.OK


def test_a_job_that_nobody_takes_up_is_told(in_app, make_job):
    job = make_job([1])
    assert health.queue().level is Level.OK
    long_ago = now() - timedelta(seconds=500)

    db.session.add(JobWait(job_id=job.id, number=0, reason=WaitReason.WORKER, began_at=long_ago))
    db.session.commit()

    assert health.queue().words == "A job has been waiting for a worker for 500 s."


def test_a_job_whose_time_has_come_long_ago_is_told(in_app, make_job):
    job = make_job([1])
    overdue = update(Job).where(Job.id == job.id).values(wake_at=now() - timedelta(seconds=90))
    db.session.execute(overdue)
    db.session.commit()

    assert health.queue().level is Level.WARNING


def test_a_refused_sign_in_is_told_without_asking_zendesk(in_app, sandbox):
    token = OAuthToken(base_url=BASE_URL, client_id="x", method="client_credentials")
    token.failure = "Zendesk answered 401"
    db.session.add(token)
    db.session.commit()

    part = health.zendesk()

    assert (part.level, "Zendesk answered 401" in part.words) == (Level.PROBLEM, True)
    assert sandbox.summary()["requests"] == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("free", "level"),
    [(3 * 2**30, Level.OK), (2**30, Level.WARNING), (2**20, Level.PROBLEM)],
)
def test_a_full_disk_is_told_in_time(in_app, monkeypatch, free, level):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**40, 0, free))

    (part,) = health.disk()

    assert part.level is level
