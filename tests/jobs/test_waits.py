"""What a job waits for, as its page says it."""

from datetime import timedelta

import pytest

from app.database import now
from tests.fixtures.visitor import Page
from tests.jobs.shape import HOUR, put


def test_the_page_says_when_no_worker_is_there(owner, make_job):
    job = make_job([1])

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "No worker is running. The job goes on by itself as soon as one does" in page.text


def test_the_page_says_when_the_worker_at_it_has_died(owner, make_job):
    job = make_job([1])
    put(job, status="running", plan_digest="x", lease_owner="dead", lease_expires_at=now() - HOUR)

    assert owner.get(f"/jobs/{job.job_id}/status").json["waiting"]["reason"] == "worker"


def test_the_page_says_when_beat_is_not_there(app, owner, make_job):
    from app.services import presence

    job = make_job([1])
    presence.worker_is_here()

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "The scheduler (beat) has not been heard of" in page.text


@pytest.fixture
def overlapping(make_job, owner):
    """A job that waits for another's tickets; the other's owner is given."""

    def make(email):
        other = make_job([1], email=email, title="Add <b>vip</b>")
        job = make_job([1])
        put(
            job, status="running", plan_digest="x", wait_reason="other_job",
            waits_for_id=other.id, lease_expires_at=now() + HOUR,
        )  # fmt: skip
        return job, other

    return make


def test_a_job_that_waits_for_another_says_which(owner, overlapping):
    job, other = overlapping("agent@giga.test")

    page = owner.get(f"/jobs/{job.job_id}").text

    assert f'href="/jobs/{other.job_id}">Add &lt;b&gt;vip&lt;/b&gt;</a> is changing some' in page


def test_of_somebody_elses_job_one_is_told_only_whose_it_is(owner, overlapping, admin):
    job, other = overlapping("anna@giga.test")

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "A job of anna@giga.test is changing some of the same tickets." in page.text
    assert (other.job_id in page.html, "vip" in page.html) == (False, False)
    assert other.job_id in admin.get(f"/jobs/{job.job_id}").text


def test_the_next_try_is_given_in_seconds(owner, make_job):
    job = make_job([1])
    put(
        job, status="running", plan_digest="x", wait_reason="zendesk",
        wait_until=now() + timedelta(minutes=2), lease_expires_at=now() + HOUR,
    )  # fmt: skip

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "nothing is lost. Next try in 2 min." in page


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("canary", "Look at them below and in Zendesk"),
        ("breaker", "Paused by itself, since too many tickets failed. They all failed."),
    ],
)
def test_a_job_that_paused_by_itself_says_why_and_how_to_go_on(owner, make_job, reason, words):
    job = make_job([1])
    put(
        job, status="paused", plan_digest="x", pause_reason=reason, pause_detail="They all failed.",
        planned_count=7, total_items=7, to_do=7,
    )  # fmt: skip

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert words in page.text
    assert "Go on with the other 7" in page.text
    assert f"/jobs/{job.job_id}/continue" in page.html
