"""A public reply sent to thousands of tickets by the real worker, checked against Zendesk's own record."""

from collections import Counter

import pytest

from tests.e2e.http import Console, Job, view_number
from tests.fixtures.stack import TICKETS

pytestmark = pytest.mark.xdist_group("stack")

PAGE = "/tools/apply-macro-to-view"
TAG = "e2e-macro-told"


@pytest.fixture
def console(stack):
    return Console(stack, stack.admin)


@pytest.fixture
def macro(zendesk):
    actions = {"comment_value_html": "<p>We are on it.</p>", "current_tags": TAG}
    pairs = [{"field": name, "value": value} for name, value in actions.items()]
    number = zendesk.put_macro(title="Told by a test", actions=pairs)
    yield number
    zendesk.put_macro(id=number, active=False)


def test_each_requester_is_told_once_and_only_after_the_number_was_typed(console, zendesk, macro):
    view = view_number(console.get(PAGE).text, "All tickets")
    answer = console.submit(PAGE, macro_id=macro, view=view, limit=50_000)
    job = Job(console, answer.url.removeprefix(console.stack.url))
    planned = job.wait_for("planned")["counts"]["planned"]
    assert 500 < planned <= TICKETS

    refused = console.submit(job.path, f"{job.path}/apply")
    assert f"This sends {planned:,} public replies by e-mail to " in refused.text
    assert job.status["status"] == "planned"
    console.submit(job.path, f"{job.path}/apply", typed_count=f"{planned:,}")
    done = job.wait_for("completed", limit=100)

    assert done["counts"]["changed"] == planned
    told = [entry for entry in zendesk.truth() if TAG in entry["added_tags"]]
    assert Counter(Counter(entry["ticket_id"] for entry in told).values()) == {1: planned}
    assert all(entry["comment"] for entry in told)
