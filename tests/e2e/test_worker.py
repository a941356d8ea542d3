"""A tag job done by the real worker, over HTTP, checked against Zendesk's own record."""

import os
import signal
import subprocess
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from tests.deploy.processes import descendants, eventually, is_alive
from tests.e2e.http import Console
from tests.fixtures.stack import TICKETS

pytestmark = pytest.mark.xdist_group("stack")

EVERYTHING = "All tickets"


@pytest.fixture
def console(stack):
    return Console(stack, stack.agent)


def test_each_ticket_is_changed_exactly_once_and_none_is_missed(console, zendesk):
    tag = "e2e-every-ticket"
    job = console.plan(tag, EVERYTHING)

    job.apply()
    done = job.wait_for("completed")

    assert done["counts"]["changed"] == done["total_items"] == TICKETS
    assert zendesk.summary(tag)["with_tag"] == TICKETS
    assert Counter(times_given(zendesk, tag).values()) == {1: TICKETS}


def test_the_ledger_agrees_with_zendesk_ticket_by_ticket(console, zendesk):
    tag = "e2e-agrees"
    job = console.plan(tag, EVERYTHING)
    refused = [7, 1234, 2400]
    for ticket_id in refused:
        zendesk.fail(ticket_id, "Not this one")

    job.apply()
    job.wait_for("completed")

    ledger, given = job.ledger(), times_given(zendesk, tag)
    changed = {ticket for ticket, row in ledger.items() if row["outcome"] == "changed"}
    failed = {ticket for ticket, row in ledger.items() if row["outcome"] == "failed"}
    assert len(ledger) == TICKETS
    assert changed == set(given)
    assert failed == set(refused)
    assert {ledger[ticket]["detail"] for ticket in refused} == {"Not this one"}
    assert all(tag in ledger[ticket]["after"]["tags"] for ticket in changed)


def test_a_job_whose_worker_is_killed_goes_on_and_changes_each_ticket_once(console, zendesk, stack):
    tag = "e2e-killed"
    zendesk.hold_jobs(after=1)
    job = console.plan(tag, EVERYTHING)
    job.apply()
    job.wait_until(lambda status: status["counts"]["changed"] > 0)
    assert eventually(lambda: holder_of(job, stack)), "nobody is at the job"
    holder = holder_of(job, stack)
    assert holder in pool(stack), "the job is not in a worker"

    os.kill(holder, signal.SIGKILL)
    assert eventually(lambda: not is_alive(holder))
    before = job.status
    zendesk.hurry()
    done = job.wait_for("completed")

    assert before["status"] == "running"
    assert before["counts"]["changed"] < TICKETS
    assert done["counts"]["changed"] == TICKETS
    assert Counter(times_given(zendesk, tag).values()) == {1: TICKETS}


def test_a_small_job_is_not_kept_waiting_by_a_large_one(console, zendesk):
    large = console.plan("e2e-large", EVERYTHING)
    # Tickets of its own, since for those that the large one has in flight it has to wait.
    tickets = [zendesk.add_ticket(tags=["legal-hold"]) for _ in range(5)]
    small = console.plan("e2e-small", "Legal holds")
    # Three of the Zendesk jobs are held, so that the large job cannot end; the others go on in turn.
    zendesk.hold_jobs(times=3)
    large.apply()
    large.wait_until(lambda status: status["counts"]["changed"] > 0)

    small.apply()
    done = small.wait_for("completed")
    meanwhile = large.status
    zendesk.hurry()

    assert done["counts"]["changed"] == done["total_items"] == len(tickets)
    assert meanwhile["status"] == "running"
    assert large.wait_for("completed")["counts"]["changed"] == TICKETS


def times_given(zendesk, tag):
    """How often each ticket was really given the tag."""
    return Counter(entry["ticket_id"] for entry in zendesk.truth() if tag in entry["added_tags"])


def holder_of(job, stack):
    """The process that has the job's lease, as the lease itself says."""
    query = text("SELECT lease_owner FROM jobs WHERE job_id = :job_id")
    with create_engine(stack.database_url).connect() as database:
        owner = database.scalar(query, {"job_id": job.job_id})
    return int(owner.split("-")[0])


def pool(stack):
    """The worker's child processes: those that do the work."""
    workers = {pid for pid in descendants(stack.pid) if "celery_app worker" in command(pid)}
    return {pid for pid in workers if not descendants(pid)}


def command(pid):
    asked = ["/bin/ps", "-o", "args=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True).stdout
