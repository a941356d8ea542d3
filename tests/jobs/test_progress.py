"""How far a job is, as its page says it."""

from datetime import timedelta

import pytest

from app.database import now
from app.extensions import db
from app.models import JobTicket
from tests.fixtures.visitor import Page
from tests.jobs.shape import HOUR, put


def test_the_bar_shows_the_work_and_not_what_needs_none(owner, make_job):
    job = make_job([1])
    put(
        job, status="running", plan_digest="x", total_items=10_000, unchanged_count=9_900,
        planned_count=90, changed_count=10, to_do=100, started_at=now(),
    )  # fmt: skip

    page = owner.get(f"/jobs/{job.job_id}").text

    assert 'value="10"' in page
    assert "10 of 100 tickets done" in page


@pytest.mark.parametrize(("reason", "has_eta"), [(None, True), ("zendesk", False)])
def test_the_time_left_is_hidden_while_the_job_waits(owner, make_job, reason, has_eta):
    job = make_job([1])
    put(
        job, status="running", plan_digest="x", total_items=100, planned_count=50,
        changed_count=50, to_do=100, ran_seconds=60.0, wait_reason=reason,
        lease_expires_at=now() + HOUR,
    )  # fmt: skip

    status = owner.get(f"/jobs/{job.job_id}/status").json

    assert (status["eta_seconds"] == 60) == has_eta
    page = Page(owner.get(f"/jobs/{job.job_id}").text).text
    assert ("about 1 min left" in page) == has_eta


def test_a_finished_job_tells_its_waits_apart_from_its_work(owner, make_job):
    job = make_job([1])
    put(
        job, status="completed", plan_digest="x", total_items=1, changed_count=1, to_do=1,
        started_at=now() - timedelta(minutes=10), completed_at=now(), ran_seconds=120.0,
    )  # fmt: skip

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "Done in 10 min, of which it waited or was paused for 8 min: 1 changed." in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            "paused",
            "Paused: 9 of 10 tickets done, of which 3 failed and 2 have an unknown result, and",
        ),
        ("cancelled", "Cancelled: 9 of 10 tickets done before, of which 3 failed and 2 have"),
    ],
)
def test_done_does_not_pass_for_changed(owner, make_job, status, words):
    job = make_job([1])
    put(
        job, status=status, plan_digest="x", total_items=10, to_do=10, planned_count=1,
        changed_count=4, failed_count=3, unknown_count=2, started_at=now(),
    )  # fmt: skip

    assert words in Page(owner.get(f"/jobs/{job.job_id}").text).text


def test_a_running_job_says_how_many_tickets_zendesk_has(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket() for _ in range(3)])
    db.session.query(JobTicket).filter(JobTicket.position > 0).update({"stage": "sent"})
    put(job, status="pausing")

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "0 of 3 tickets done. Zendesk is at work on 2 of the others. No new tickets" in page
