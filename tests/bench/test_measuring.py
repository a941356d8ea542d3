"""A small job is really measured, in processes of its own. How fast it was is not for a test to say."""

from functools import partial

import pytest

from app.models import Job, Outcome
from bench import web
from bench.measuring import WentWrong, check, measure
from bench.orders import KINDS
from bench.web_report import Watch

pytestmark = pytest.mark.xdist_group("stack")  # one whole set of processes at a time

TICKETS, SPEED = 250, 60.0


@pytest.mark.long
def test_measures_a_job_and_those_who_watch_it():
    watch = Watch("a few")
    meanwhile = partial(web.watched, watch, {"status": 3, "progress": 2})

    run = measure(KINDS["tags"], TICKETS, SPEED, meanwhile=meanwhile)

    assert run.calls["GET /api/v2/views/{id}/tickets"] == 3
    # Closed tickets go out by themselves, since no stamp can guard them.
    assert run.calls["PUT /api/v2/tickets/update_many"] == 3 + 1
    assert run.planning_calls >= 3
    assert run.refused == 0
    assert run.requests == sum(run.calls.values()) > run.planning_calls
    assert run.terms.permitted * 60 == pytest.approx(490)
    assert run.cpu > 0
    assert 0 < run.largest < run.peak
    assert watch.failed == 0
    assert watch.web > 0


def test_a_job_that_changed_too_few_tickets_is_no_measurement():
    half = Job(changed_count=125, **{f"{one}_count": 0 for one in Outcome if one != "changed"})

    with pytest.raises(WentWrong, match="not all were changed"):
        check(half, TICKETS)

    check(half, 125)
