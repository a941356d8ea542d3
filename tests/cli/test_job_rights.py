"""`flask jobs` is in somebody's name, and with their rights."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import AuditEvent, JobStatus, Role
from app.services import accounts
from tests.cli.conftest import ADD_VIP, ADMIN, AGENT, OTHER, listed, the_job


def test_a_person_has_their_own_rights_and_no_more(cli, tickets):
    macro = cli("run", "--macro", 5, "--tickets", listed(tickets))
    wiping = cli("run", "--operation", "set_tags", "--tag", "a", "--tickets", listed(tickets))

    assert (macro.exit_code, wiping.exit_code) == (1, 1)
    assert "You may not use" in macro.stderr
    assert "Only an admin may have this done" in wiping.stderr
    assert the_job() is None


@pytest.mark.parametrize(
    "command", ["watch", "pause", "resume", "cancel", "undo", "export", "start"]
)
def test_the_job_of_somebody_else_does_not_exist(cli, plan_job, make_user, tickets, command):
    job = plan_job(tickets)
    make_user(OTHER)

    told = cli(command, job.job_id, by=OTHER)

    assert (told.exit_code, told.stdout) == (1, "")
    assert "There is no job" in told.stderr
    assert the_job().state is JobStatus.PLANNED


def test_who_acts_is_the_only_admin_or_has_to_be_said(cli, make_user, monkeypatch):
    nobody = cli("list", by=None)
    make_user(ADMIN, Role.ADMIN)
    the_admin = cli("list", by=None)
    make_user("second@giga.test", Role.ADMIN)
    several = cli("list", by=None)
    monkeypatch.setenv("GIGA_AS", AGENT)
    by_environment = cli("list", by=None)

    assert [one.exit_code for one in (nobody, the_admin, several, by_environment)] == [1, 0, 1, 0]
    assert "There is no admin" in nobody.stderr
    assert "--as EMAIL" in several.stderr


def test_who_was_switched_off_does_nothing(cli):
    accounts.by_email(AGENT).enabled = False
    db.session.commit()

    told = cli("list")

    assert (told.exit_code, "deactivated" in told.stderr) == (1, True)


def test_the_audit_log_has_the_person_and_where_it_was(cli, tickets):
    cli(*ADD_VIP, "--tickets", listed(tickets), "--yes")

    db.session.rollback()
    noted = db.session.scalars(select(AuditEvent).where(AuditEvent.action.like("job.%")))
    told = {(one.action, one.actor, one.address) for one in noted}
    assert told == {("job.create", AGENT, "command line"), ("job.apply", AGENT, "command line")}
