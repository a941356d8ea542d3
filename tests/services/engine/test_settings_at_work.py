"""Settings that are changed while a job runs."""

from app.extensions import db
from app.services import budget, settings
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import finish, in_flight
from tests.fixtures.zendesk import BASE_URL


def test_a_running_slice_takes_up_how_many_bulk_changes_may_be_out(sandbox, in_app, make_job):
    in_app.config["ZENDESK_MAX_IN_FLIGHT"] = 1
    sandbox.change_settings(speed=20)  # slow enough to be met in flight
    job = make_job([sandbox.add_ticket() for _ in range(300)], dry_run=False)

    def has_three_out():
        out = in_flight(job)
        if out == 100:
            settings.choose("max_in_flight", 3, None)
            db.session.commit()
        return out == 300

    advance(job.job_id, Pace(is_stopping=has_three_out))

    assert in_flight(job) == 300
    sandbox.change_settings(speed=600)
    finish(job)


def test_a_client_takes_up_the_reserve(in_app):
    books = budget.of(BASE_URL)
    before = books.reserve
    settings.choose("reserve_percent", 55, None)
    db.session.commit()

    assert (before, books.reserve) == (0.3, 0.55)
