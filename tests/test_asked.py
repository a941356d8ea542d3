"""What an address asks for: what it cannot mean is left out, and never reaches the database."""

from datetime import date
from uuid import UUID

import pytest
from flask import request

from app import asked
from app.models import Outcome

JOB = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"


@pytest.mark.parametrize("text", ["", "one", "1.5", str(2**31), str(-(2**31)), "9" * 40])
def test_what_is_no_key_is_left_out(app, text):
    with app.test_request_context(f"/?after={text}"):
        assert asked.key("after") is None


@pytest.mark.parametrize("number", [0, 7, 2**31 - 1])
def test_a_key_is_what_a_column_holds(app, number):
    with app.test_request_context(f"/?after={number}"):
        assert asked.key("after") == number


@pytest.mark.parametrize("text", ["", "one", "0", "-4", str(2**63)])
def test_what_is_no_id_of_zendesk_is_left_out(app, text):
    with app.test_request_context(f"/?ticket={text}&ticket={2**63 - 1}"):
        assert asked.zendesk_ids(request.args, "ticket") == [2**63 - 1]
        assert asked.zendesk_id("none of this name") is None


def test_jobs_are_named_once_and_no_more_than_are_wanted(app):
    others = [str(UUID(int=number)) for number in range(3)]
    named = "&".join(f"job={one}" for one in [JOB, "not a job", JOB, *others])

    with app.test_request_context(f"/?{named}"):
        assert asked.job_ids(request.args, 3) == [JOB, *others[:2]]


def test_only_known_values_are_chosen(app):
    with app.test_request_context("/?outcome=failed&outcome=hurt&outcome=changed&sort=odd"):
        assert asked.outcomes() == [Outcome.CHANGED, Outcome.FAILED]
        assert asked.choice("sort", ["even"]) is None
        assert asked.choice("outcome", Outcome) is Outcome.FAILED


def test_text_is_cut_to_what_is_read(app):
    with app.test_request_context("/?text=%20abcdef%20"):
        assert asked.text("text", 3) == "abc"


def test_days_that_mean_nothing_are_left_out_with_a_sentence(app):
    with app.test_request_context("/?from=2026-11-23&to=yesterday"):
        asked_for = asked.days("job")
    with app.test_request_context("/?from=2026-11-23&to=2026-11-22"):
        backwards = asked.days("job")

    assert (asked_for.since, asked_for.until) == (date(2026, 11, 23), None)
    assert asked_for.odd[0].startswith("“yesterday” is no day")
    assert backwards.odd == ["The last day is before the first, so no job can match."]
