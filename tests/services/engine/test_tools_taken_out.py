"""Jobs whose tool is there no more."""

from app.models import JobStatus
from app.services.operations import _registry
from tests.fixtures.running_jobs import finish


def test_an_operation_that_no_tool_knows_any_more_fails_its_job_in_words(make_job):
    job = make_job([1], operation="gone")

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "No tool knows how to do “gone”" in job.error


def test_what_is_in_flight_when_a_tool_is_taken_out_still_gets_its_true_result(
    job_in_flight, monkeypatch
):
    job = job_in_flight(150)
    monkeypatch.delitem(_registry, "add_tags")

    finish(job)

    assert (job.status, job.unknown_count) == (JobStatus.FAILED, 0)
    assert (job.changed_count, job.planned_count) == (100, 50)
    assert "No tool knows how to do “add_tags”" in job.error
