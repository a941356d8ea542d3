"""While all writing is stopped, a macro's job asks Zendesk for nothing that it could not use now."""

from app.extensions import db
from app.models import JobStatus
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from tests.fixtures.running_jobs import agree, finish, stop_writing
from tests.services.engine.macro_jobs.looks import GREETING, asked_for_renderings


def test_a_plan_that_was_started_meanwhile_asks_nothing(sandbox, macro_job):
    job = macro_job([sandbox.add_ticket(status="open")], *GREETING)
    finish(job, until=JobStatus.PLANNED)
    stop_writing()
    agree(job)
    asked = sandbox.summary()["requests"]

    for _ in range(3):
        advance(job.job_id, Pace(seconds=10))

    db.session.refresh(job)
    assert (job.status, job.wait_reason) == (JobStatus.RUNNING, "writing_stopped")
    assert sandbox.summary()["requests"] == asked


def test_no_comment_is_filled_in_for_the_batch_after_the_stop(sandbox, macro_job):
    job = macro_job([sandbox.add_ticket(status="open") for _ in range(110)], *GREETING)
    finish(job, until=JobStatus.PLANNED)
    agree(job)
    renderings = asked_for_renderings(sandbox)

    def stopped_after_the_first():
        if asked_for_renderings(sandbox) == renderings + 100 and sandbox.jobs.live:
            stop_writing()
        return False

    advance(job.job_id, Pace(seconds=10, is_stopping=stopped_after_the_first))
    finish_what_is_out(job)

    assert (job.changed_count, job.planned_count) == (100, 10)
    assert asked_for_renderings(sandbox) == renderings + 100


def finish_what_is_out(job):
    advance(job.job_id, Pace(seconds=10))
    db.session.refresh(job)
    assert job.wait_reason == "writing_stopped"
