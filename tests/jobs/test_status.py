"""A job's page, its fragment and its status JSON, whatever its status."""

import pytest

from app.models import JobStatus
from tests.jobs.shape import put

STATUS_KEYS = {
    "job_id", "tool_slug", "title", "status", "progress", "total_items", "processed_items",
    "counts", "plan_digest", "dry_run", "matched", "truncated", "parent_id", "relation",
    "reversible", "rate_per_minute", "eta_seconds", "waiting", "created_at", "started_at",
    "completed_at", "error", "result", "is_over", "needs",
}  # fmt: skip


def test_the_status_json_has_what_the_contract_says(owner, sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket(), 999_999])

    status = owner.get(f"/jobs/{job.job_id}/status").json

    assert set(status) == STATUS_KEYS
    assert status["status"] == "completed"
    assert sum(status["counts"].values()) == status["total_items"] == 2
    assert status["result"] == status["counts"]
    assert (status["progress"], status["is_over"], status["waiting"]) == (100, True, None)
    assert status["created_at"].endswith("+00:00")


def test_an_unchanged_status_is_not_sent_again(owner, sandbox, run_job):
    address = f"/jobs/{run_job(tickets=[sandbox.add_ticket()]).job_id}/status"

    first = owner.get(address)
    second = owner.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, second.status_code) == (200, 304)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("pending", 200),
        ("planning", 200),
        ("running", 200),
        ("cancelling", 200),
        ("planned", 286),
        ("completed", 286),
        ("cancelled", 286),
        ("failed", 286),
    ],
)
def test_the_fragment_tells_the_browser_when_to_stop_asking(owner, make_job, status, code):
    job = make_job([1])
    put(job, status=status, plan_digest="x", error="Something.")

    fragment = owner.get(f"/jobs/{job.job_id}/progress")

    assert fragment.status_code == code
    assert ("HX-Trigger" in fragment.headers) == (code == 286)


@pytest.mark.parametrize("status", list(JobStatus))
def test_every_status_has_its_page(owner, make_job, status):
    job = make_job([1])
    put(job, status=status, plan_digest="x", error="Something went wrong.")

    page = owner.get(f"/jobs/{job.job_id}")

    assert page.status_code == 200
    assert f"state-{status}" in page.text


@pytest.mark.parametrize("path", ["/jobs", "/jobs/{}", "/jobs/{}/progress", "/jobs/{}/status"])
def test_looking_at_a_job_does_not_read_its_selection(owner, sandbox, run_job, statements, path):
    parent = run_job(tickets=[sandbox.add_ticket()])
    job = run_job(tickets=[sandbox.add_ticket()], parent_id=parent.id)

    said = statements(lambda: owner.get(path.format(job.job_id)))

    assert any("jobs.title" in statement for statement in said)
    assert not [statement for statement in said if "selection" in statement]
