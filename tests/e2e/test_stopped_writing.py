"""The stop of all writing, obeyed by the real worker, as Zendesk's own record shows."""

from collections import Counter

import pytest

from tests.e2e.http import Console
from tests.e2e.test_worker import EVERYTHING, times_given
from tests.fixtures.stack import TICKETS

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.long]

PAGE, STOPPED = "/admin/writing", "writing_stopped"


@pytest.fixture
def admin(stack):
    admin = Console(stack, stack.admin)
    yield admin
    admin.submit(PAGE, f"{PAGE}/resume")


def test_nothing_reaches_zendesk_until_it_is_lifted_and_then_each_ticket_once(admin, zendesk):
    tag = "e2e-stopped"
    job = admin.plan(tag, EVERYTHING)
    zendesk.hold_jobs(after=3)  # the rest cannot be over before the stop is there
    job.apply()
    job.wait_until(lambda status: status["counts"]["changed"] > 0)

    admin.submit(PAGE, f"{PAGE}/stop", reason="Wrong tags")
    zendesk.hurry()
    stopped = job.wait_until(lambda status: (status["waiting"] or {}).get("reason") == STOPPED)
    arrived = zendesk.summary(tag)["with_tag"]
    admin.plan("e2e-planned-meanwhile", EVERYTHING)  # that only reads
    still = zendesk.summary(tag)["with_tag"]
    admin.submit(PAGE, f"{PAGE}/resume")
    job.wait_for("completed")

    assert 0 < stopped["counts"]["changed"] == arrived == still < TICKETS
    assert Counter(times_given(zendesk, tag).values()) == {1: TICKETS}
