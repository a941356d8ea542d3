"""A job whose owner may not use its tool any more: it can be stopped, and not started."""

import pytest

from app.extensions import db
from app.models import JobStatus
from tests.fixtures.running_jobs import permit


@pytest.fixture
def withdrawn(make_job):
    """A job of a tool that its owner may not use any more."""

    def withdrawn(**values):
        job = make_job([1])
        for name, value in values.items():
            setattr(job, name, value)
        db.session.commit()
        permit("user", "tag-manager", may_use=False)
        return job

    return withdrawn


WRITING = (
    "apply",
    "resume",
    "continue",
    "untick",
    "retry",
    "finish",
    "rerun",
    "undo",
    "undo-ticked",
)


@pytest.mark.parametrize("verb", WRITING)
def test_who_may_not_use_a_tool_any_more_cannot_let_its_jobs_write(
    sign_in, withdrawn, no_csrf, verb
):
    job_id = withdrawn().job_id
    owner = sign_in("agent@giga.test")

    answer = owner.open(f"/jobs/{job_id}/{verb}", "POST")

    assert answer.status_code == 403
    assert "You may not use “Tag manager”. Ask an admin" in answer.text


@pytest.mark.parametrize("verb", ["pause", "cancel", "delete", "verify"])
def test_who_may_not_use_a_tool_any_more_can_still_stop_its_jobs(sign_in, withdrawn, no_csrf, verb):
    job_id = withdrawn().job_id
    owner = sign_in("agent@giga.test")

    answer = owner.open(f"/jobs/{job_id}/{verb}", "POST")

    assert answer.status_code == 302


@pytest.mark.parametrize("status", list(JobStatus))
def test_no_button_leads_to_a_refusal(sign_in, withdrawn, status):
    job = withdrawn(status=status, plan_digest="x", changed_count=1, failed_count=1, total_items=2)
    owner = sign_in("agent@giga.test")

    page = owner.get(f"/jobs/{job.job_id}").text

    assert not [verb for verb in WRITING if f"/jobs/{job.job_id}/{verb}" in page]
