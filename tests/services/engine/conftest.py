"""What several tests of the engine stand on."""

import pytest

from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import in_flight


@pytest.fixture
def job_in_flight(sandbox, in_app, make_job):
    """A job whose first hundred tickets Zendesk has, and is not done with."""

    def make(number):
        in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
        sandbox.change_settings(speed=20)  # slow enough to be met in flight
        job = make_job([sandbox.add_ticket() for _ in range(number)], dry_run=False)
        advance(job.job_id, Pace(is_stopping=lambda: in_flight(job) > 0))
        assert in_flight(job) == min(number, 100)
        return job

    return make
