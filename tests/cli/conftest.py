"""`flask jobs` as somebody types it."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Job

AGENT, ADMIN, OTHER = "agent@giga.test", "admin@giga.test", "other@giga.test"
ADD_VIP = ["run", "--operation", "add_tags", "--tag", "vip"]


@pytest.fixture
def cli(in_app, make_user):
    """Runs a command for an agent, or for somebody else."""
    make_user(AGENT)

    def run(*words, by=AGENT, typed=None):
        db.session.rollback()
        who = ["--as", by] if by else []
        runner = in_app.test_cli_runner()
        return runner.invoke(args=["jobs", *who, *map(str, words)], input=typed)

    return run


@pytest.fixture
def tickets(sandbox):
    return [sandbox.add_ticket(tags=["x"]) for _ in range(3)]


def listed(ids):
    return ",".join(map(str, ids))


def the_job():
    db.session.rollback()
    return db.session.scalars(select(Job).order_by(Job.id.desc())).first()
