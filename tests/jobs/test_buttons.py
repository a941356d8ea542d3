"""The buttons of a job's page."""

from datetime import timedelta

import pytest

from app.database import now
from tests.jobs.shape import put


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        ("running", {"pause", "cancel"}),
        ("pausing", {"cancel"}),
        ("paused", {"resume", "cancel"}),
        ("failed", {"resume", "rerun", "delete"}),
        ("completed", {"rerun", "delete"}),
    ],
)
def test_the_buttons_fit_the_state(owner, make_job, status, buttons):
    job = make_job([1])
    put(job, status=status, plan_digest="x")

    page = owner.get(f"/jobs/{job.job_id}").text

    verbs = {
        "pause", "resume", "cancel", "force", "retry", "finish", "rerun", "undo", "verify", "delete"
    }  # fmt: skip
    assert {verb for verb in verbs if f"/jobs/{job.job_id}/{verb}" in page} == buttons


def test_force_is_offered_once_a_job_has_been_stopping_for_five_minutes(owner, make_job):
    job = make_job([1])
    put(job, status="pausing", asked_at=now() - timedelta(minutes=6))

    assert f"/jobs/{job.job_id}/force" in owner.get(f"/jobs/{job.job_id}").text


@pytest.mark.parametrize(
    ("status", "verb", "words"),
    [
        ("completed", "pause", "There is nothing to pause"),
        ("running", "resume", "Only a paused or failed job can be resumed"),
        ("paused", "force", "There is nothing to force"),
    ],
)
def test_a_button_pressed_too_late_says_so(owner, make_job, status, verb, words):
    job = make_job([1])
    put(job, status=status, plan_digest="x")

    owner.submit(f"/jobs/{job.job_id}", f"/jobs/{job.job_id}/{verb}")

    assert words in owner.get(f"/jobs/{job.job_id}").text


def test_a_job_that_is_over_is_deleted(owner, sandbox, run_job):
    address = f"/jobs/{run_job(tickets=[sandbox.add_ticket()]).job_id}"

    answer = owner.submit(address, f"{address}/delete")

    assert "Deleted: Add refund to some tickets" in owner.get(answer.location).text
    assert owner.get(address).status_code == 404


def test_a_job_that_goes_on_is_not_deleted(owner, make_job):
    job = make_job([1])
    put(job, status="running")

    answer = owner.submit("/", f"/jobs/{job.job_id}/delete")

    assert "Only a job that is over can be deleted" in owner.get(answer.location).text
