"""What a job says about itself."""

from datetime import UTC, datetime, timedelta

import pytest

from app.models import TRANSITIONS, Job, JobStatus, Outcome
from app.models.job import OVER


def job(**values):
    counts = {f"{outcome}_count": 0 for outcome in Outcome}
    return Job(**({"status": "running", "to_do": 0, "plan_digest": "x"} | counts | values))


def test_every_status_says_where_it_may_lead():
    assert set(TRANSITIONS) == set(JobStatus)


def test_nothing_follows_a_status_that_is_over_but_resuming_a_failed_job():
    following = {status: TRANSITIONS[status] for status in OVER}

    assert following == {
        JobStatus.COMPLETED: frozenset(),
        JobStatus.CANCELLED: frozenset(),
        JobStatus.FAILED: {JobStatus.PENDING},
    }


def test_the_counts_sum_to_the_total():
    one = job(planned_count=3, changed_count=4, failed_count=1)

    one.tally()

    assert one.total_items == sum(one.counts.values()) == 8
    assert one.processed_items == 5
    assert one.progress == 62


def test_what_was_not_reached_is_no_progress():
    one = job(changed_count=100, not_reached_count=200, to_do=300, status="cancelled")

    one.tally()

    assert (one.progress, one.processed_items, one.written) == (33, 100, 100)


def test_progress_is_zero_while_planning():
    one = job(plan_digest=None, planned_count=3, unchanged_count=7)

    one.tally()

    assert one.progress == 0


def test_the_button_names_the_act():
    assert (
        job(act_words="Add vip to {tickets}", planned_count=1240).act == "Add vip to 1,240 tickets"
    )
    assert job(act_words="Add vip to {tickets}", planned_count=1).act == "Add vip to 1 ticket"


@pytest.mark.parametrize(("done", "is_told"), [(0, False), (10, False), (11, True)])
def test_no_time_left_is_told_below_one_percent(done, is_told):
    one = job(to_do=1100, planned_count=1100 - done, ran_seconds=60.0)

    eta = one.eta_seconds

    assert (eta is not None) == is_told


def test_the_rate_counts_only_what_was_written():
    one = job(to_do=1000, planned_count=800, unchanged_count=5000, ran_seconds=120.0)

    rate = one.rate_per_minute

    assert rate == pytest.approx(100, rel=0.05)


def test_pauses_and_waits_do_not_count_as_running():
    since = datetime.now(UTC) - timedelta(seconds=10)
    started = datetime.now(UTC) - timedelta(hours=3)

    waits = job(started_at=started, ran_seconds=60.0)
    works = job(started_at=started, ran_seconds=60.0, running_since=since)

    assert waits.running_seconds == 60.0
    assert works.running_seconds == pytest.approx(70, abs=5)
