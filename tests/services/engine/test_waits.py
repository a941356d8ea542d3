"""What a job waits for, and for how long."""

import requests

from app.extensions import db
from app.services import jobs
from app.services.engine.pace import Pace
from app.services.engine.slices import advance, due
from tests.fixtures.running_jobs import finish
from tests.fixtures.zendesk import Fault
from tests.services.engine.mishaps import meanwhile


def test_zendesk_being_down_loses_nothing(sandbox, make_job):
    ticket = sandbox.add_ticket()
    job = make_job([ticket], dry_run=False)
    sandbox.change_settings(down=True)

    wait = advance(job.job_id, Pace())
    db.session.refresh(job)
    assert (job.status, job.wait_reason, wait) == ("planning", "zendesk", 2.0)
    sandbox.change_settings(down=False)
    finish(job)

    assert sandbox.tags_of(ticket) == {"refund"}
    assert (job.wait_reason, job.setbacks) == (None, 0)


def test_what_is_asked_during_a_slice_is_not_kept_waiting(
    sandbox, transport, make_job, monkeypatch
):
    job = make_job([sandbox.add_ticket()])
    sandbox.change_settings(down=True)
    meanwhile(transport, monkeypatch, lambda: jobs.cancel(job))

    wait = advance(job.job_id, Pace())

    assert wait == 0.0
    assert due() == [job.job_id]


def test_each_setback_waits_longer_up_to_a_minute(sandbox, transport, make_job):
    job = make_job([sandbox.add_ticket()])
    transport.faults += [Fault(requests.ConnectTimeout()) for _ in range(8)]

    waits = [advance(job.job_id, Pace()) for _ in range(8)]

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_wrong_credentials_are_waited_for_and_said(in_app, make_job):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"
    job = make_job([1])

    advance(job.job_id, Pace())
    db.session.refresh(job)

    assert (job.status, job.wait_reason) == ("planning", "sign_in")


def test_a_job_without_a_connection_waits_for_one(in_app, make_job):
    in_app.config["ZENDESK_SUBDOMAIN"] = ""
    job = make_job([1])

    advance(job.job_id, Pace())
    db.session.refresh(job)

    assert job.wait_reason == "sign_in"


def test_the_minute_limit_is_waited_for_as_long_as_zendesk_says(sandbox, make_job):
    job = make_job([sandbox.add_ticket() for _ in range(250)])
    sandbox.change_settings(requests_per_minute=1, speed=2)

    wait = advance(job.job_id, Pace())
    db.session.refresh(job)

    assert 0 < wait <= 30
    assert job.wait_reason == "rate_limit"
    assert job.wait_until is not None
