"""Comments that were filled in, and kept for a later slice."""

import requests

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services import jobs
from app.services.engine.pace import Pace
from tests.fixtures.running_jobs import finish
from tests.services.engine.macro_jobs.looks import GREETING, asked_for_renderings, comments_on, go
from tests.services.engine.mishaps import lose_answers


def test_comments_that_were_filled_in_are_not_asked_for_twice(sandbox, in_app, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    renderings = asked_for_renderings(sandbox)

    go(job, Pace(seconds=10, is_stopping=lambda: asked_for_renderings(sandbox) > renderings + 5))
    kept = db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None)).count()
    finish(job)

    assert 0 < kept < 60
    assert asked_for_renderings(sandbox) == renderings + 60
    assert {comments_on(sandbox, one)[0]["body"] for one in tickets} == {
        f"We are at ticket {one}." for one in tickets
    }
    assert db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None)).count() == 0


def test_a_comment_that_was_kept_for_later_is_no_plain_text_in_the_database(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    renderings = asked_for_renderings(sandbox)

    go(job, Pace(seconds=10, is_stopping=lambda: asked_for_renderings(sandbox) > renderings + 5))

    with db.engine.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT filled_in FROM job_tickets WHERE filled_in IS NOT NULL"
        ).scalars()
        assert not any("We are at" in text for text in kept.all())


def test_a_plain_comment_that_was_ready_when_its_slice_ended_is_sent_as_plain(sandbox, macro_job):
    said = "Less than 5 days:\na < b"
    tickets = [sandbox.add_ticket(status="open") for _ in range(30)]
    job = macro_job(
        tickets, ("comment_value", said), ("comment_mode_is_public", "false"), dry_run=True
    )
    finish(job, until=JobStatus.PLANNED)
    looks = iter(range(100))

    go(job, Pace(seconds=10, is_stopping=lambda: next(looks) > 5))
    db.session.refresh(job)
    assert job.planned_count == 30
    finish(job)

    sent = [sandbox.truth(ticket)[-1]["asked"]["comment"] for ticket in tickets]
    assert sent == [{"body": said, "public": False}] * 30


def test_a_note_that_was_kept_for_later_stays_internal(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(30)]
    job = macro_job(tickets, *GREETING, ("comment_mode_is_public", "false"), dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    looks = iter(range(100))
    go(job, Pace(seconds=10, is_stopping=lambda: next(looks) > 5))
    kept = db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None))
    assert kept.count() > 0
    first = kept.order_by(JobTicket.position).first().ticket_id
    db.session.rollback()

    finish(job)

    assert [one["public"] for one in comments_on(sandbox, first)] == [False]


def test_a_cancelled_job_keeps_no_comments(sandbox, macro_job):
    job = macro_job([sandbox.add_ticket(status="open") for _ in range(30)], *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    looks = iter(range(100))
    go(job, Pace(seconds=10, is_stopping=lambda: next(looks) > 5))
    kept = db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None))
    assert kept.count() > 0

    db.session.refresh(job)
    jobs.cancel(job)
    db.session.commit()
    finish(job)

    assert kept.count() == 0


def test_what_was_filled_in_before_a_pause_is_filled_in_anew(sandbox, macro_job):
    tickets = [sandbox.add_ticket(status="open") for _ in range(60)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    renderings = asked_for_renderings(sandbox)
    go(job, Pace(seconds=10, is_stopping=lambda: asked_for_renderings(sandbox) > renderings + 5))
    jobs.pause(job)
    db.session.commit()
    finish(job, until=JobStatus.PAUSED)

    jobs.resume(job)
    db.session.commit()

    assert db.session.query(JobTicket).filter(JobTicket.filled_in.is_not(None)).count() == 0


def test_a_batch_that_could_not_be_sent_is_not_filled_in_twice(
    sandbox, transport, macro_job, monkeypatch
):
    tickets = [sandbox.add_ticket(status="open") for _ in range(30)]
    job = macro_job(tickets, *GREETING, dry_run=True)
    finish(job, until=JobStatus.PLANNED)
    renderings = asked_for_renderings(sandbox)
    lose_answers(transport, monkeypatch, {1}, error=requests.ConnectTimeout(), after=False)

    go(job)

    assert job.changed_count == 30
    assert asked_for_renderings(sandbox) == renderings + 30
