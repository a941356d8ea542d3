"""Apps whose databases are backed up and replaced, what is in them, and how an archive is altered."""

import json
import tarfile
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app import create_app
from app.database import now
from app.extensions import db
from app.models import Job, JobTicket, Outcome, Stage, User
from app.services import sessions
from tests.fixtures.giga import configured


@contextmanager
def app_on(database_url, redis_url):
    app = create_app(configured(database_url, redis_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def own_app(own_database_url, redis_url):
    """An app whose database may be replaced."""
    with app_on(own_database_url, redis_url) as app:
        yield app


@pytest.fixture
def sqlite_app(sqlite_url, redis_url):
    with app_on(sqlite_url, redis_url) as app:
        yield app


@pytest.fixture
def postgres_app(own_postgres_url, redis_url):
    with app_on(own_postgres_url, redis_url) as app:
        yield app


def run(app, *words, code=0):
    result = app.test_cli_runner().invoke(args=["backup", *map(str, words)])
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def add_person(email="ada@giga.test"):
    user = User(email=email, role="user", password_hash="x")
    db.session.add(user)
    db.session.flush()
    sessions.begin(user, f"of {email}", "a browser")
    db.session.commit()
    return user


def add_job(user, status, stages=(), *, sealed=True):
    """A job with a ticket in each of these stages; those that are not settled are planned."""
    job = Job(user_id=user.id, tool_slug="tag-manager", operation="add_tags", status=status)
    job.arguments, job.selection, job.title, job.act_words = {}, {}, "Add vip", "Add vip"
    job.limit, job.plan_digest, job.fence = 10, "digest" if sealed else None, 7
    job.lease_owner, job.lease_expires_at = "1-gone", now() - timedelta(seconds=1)
    job.wake_at, job.wait_reason, job.dry_run = now(), "budget", False
    db.session.add(job)
    db.session.flush()
    for position, stage in enumerate(stages):
        settled = stage is Stage.SETTLED
        outcome = Outcome.CHANGED if settled else Outcome.PLANNED
        job.count(outcome, 1)
        row = {"stage": stage, "outcome": outcome, "attempts": 0}
        number = job.id * 100 + position
        db.session.add(JobTicket(job_id=job.id, position=position, ticket_id=number, **row))
    job.tally()
    db.session.commit()
    return job.job_id


def job_of(job_id):
    db.session.rollback()
    return db.session.scalar(select(Job).where(Job.job_id == job_id))


UNDER_WAY = [Stage.SETTLED, Stage.SENT, Stage.SENDING, Stage.WAITING]


def rewritten(path, manifest=None, dump=None):
    """The archive with other content."""
    with tarfile.open(path) as tar:
        told = json.loads(tar.extractfile("manifest.json").read()) | (manifest or {})
        dumped = tar.extractfile("database.dump").read() if dump is None else dump
    with tarfile.open(path, "w") as tar:
        for name, content in (
            ("manifest.json", json.dumps(told).encode()),
            ("database.dump", dumped),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
