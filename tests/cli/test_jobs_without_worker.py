"""`flask jobs` where no worker takes a job up."""

import requests

from app.cli.jobs.group import Exit
from app.models import JobStatus
from app.services import presence
from app.services.waits import WaitReason
from tests.cli.conftest import ADD_VIP, listed, the_job
from tests.fixtures.running_jobs import begin
from tests.fixtures.zendesk import Fault


def test_a_small_job_that_has_to_wait_goes_on_here_without_a_worker(cli, transport, tickets):
    transport.faults.append(Fault(requests.ConnectionError("reset")))

    told = cli(*ADD_VIP, "--tickets", listed(tickets), "--yes")

    assert told.exit_code == Exit.WELL
    assert "Completed: 3 changed." in told.stdout
    assert WaitReason.ZENDESK.sentence in told.stderr
    assert "No worker is running" not in told.stderr


def test_a_job_that_was_left_by_its_process_is_taken_up_where_it_stopped(cli, plan_job, tickets):
    job = plan_job(tickets)
    begin(job)

    told = cli("resume", job.job_id)

    assert told.exit_code == Exit.WELL
    assert "Completed: 3 changed." in told.stdout


def test_a_large_job_is_not_taken_up_here(cli, app, plan_job, tickets):
    job = plan_job(tickets)
    begin(job)
    app.config["SYNC_LIMIT"] = 2

    told = cli("resume", job.job_id)

    assert told.exit_code == Exit.REFUSED
    assert "A job of this size is not done here: start a worker." in told.stderr


def test_what_a_worker_would_take_up_is_left_to_it(cli, plan_job, tickets):
    job = plan_job(tickets)
    begin(job)
    presence.worker_is_here()

    told = cli("resume", job.job_id)

    assert (told.exit_code, the_job().state) == (Exit.REFUSED, JobStatus.PENDING)
