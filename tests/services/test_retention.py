"""What is older than it is kept goes, a little at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.database import now
from app.extensions import db
from app.models import AuditEvent, Job, JobStatus, JobTicket
from app.services import audit_chain, lineage, retention, settings
from app.services.lineage import Relation
from app.services.retention import Purged
from app.tasks.retention import purge_what_is_old
from tests.fixtures.running_jobs import finish

LONG = 60.0


@pytest.fixture
def old(sandbox, run_job):
    """A job over some tickets that ended so many days ago."""

    def make(tickets=1, days=400, **changes):
        job = run_job(tickets=[sandbox.add_ticket() for _ in range(tickets)], **changes)
        return aged(job, days)

    return make


def aged(job, days, **values):
    ended = now() - timedelta(days=days)
    db.session.execute(update(Job).where(Job.id == job.id).values(completed_at=ended, **values))
    db.session.commit()
    return job


def keep(jobs=365, events=0):
    settings.choose("jobs_retention_days", jobs, None)
    settings.choose("audit_retention_days", events, None)
    db.session.commit()


def left(model=Job):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def last_event():
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def test_tells_what_would_go_and_deletes_nothing(old):
    old(tickets=2)
    old(days=380, operation="remove_tags")
    old(days=300)

    found = retention.forecast(365, 0)

    assert (found.jobs, found.tickets, found.undoable) == (2, 3, 1)
    assert (now() - found.oldest_job).days == 400
    assert (now() - found.newest_job).days == 380
    assert (found.events, found.oldest_event) == (0, None)
    assert left() == 3


def test_what_goes_is_what_was_told_and_one_event_sums_it_up(old):
    keep()
    old(tickets=2)
    old(days=380)
    young = old(days=300)

    purged = retention.purge(LONG)

    assert purged == Purged(jobs=2, tickets=3, events=0)
    assert db.session.scalars(select(Job.id)).all() == [young.id]
    assert left(JobTicket) == 1
    event = last_event()
    assert (event.actor, event.action) == ("system", "retention.purge")
    assert (event.detail["jobs"], event.detail["tickets"]) == (2, 3)


def test_where_nothing_is_old_nothing_is_noted(old):
    keep()
    old(days=300)
    before = left(AuditEvent)

    assert retention.purge(LONG) == Purged(0, 0, 0)

    assert (left(), left(AuditEvent)) == (1, before)


def test_no_days_keep_everything_for_ever(old):
    keep(jobs=0, events=0)
    old(days=4000)

    assert retention.forecast(0, 0).is_empty
    assert retention.purge(LONG) == Purged(0, 0, 0)


def test_a_job_that_is_not_over_stays_however_old(make_job):
    keep()
    aged(make_job([1]), 4000)

    assert retention.forecast(365, 0).is_empty
    assert retention.purge(LONG).jobs == 0


def test_a_job_is_kept_while_another_needs_its_results(old):
    keep()
    job = old()
    undo = lineage.follow(job, Relation.UNDO, job.user)
    finish(undo, until=JobStatus.PLANNED)

    assert retention.purge(LONG).jobs == 0
    aged(undo, 1, status=JobStatus.CANCELLED)

    assert retention.purge(LONG).jobs == 1
    db.session.refresh(undo)
    assert undo.parent_id is None


def test_a_large_job_goes_piece_by_piece(old, monkeypatch, statements):
    monkeypatch.setattr(retention, "PIECE", 10)
    keep()
    old(tickets=35)

    asked = statements(lambda: retention.purge(LONG))

    pieces = [one for one in asked if one.startswith("DELETE FROM job_tickets")]
    assert len(pieces) == 3  # the last of it goes with the job
    assert (left(), left(JobTicket)) == (0, 0)


def test_a_job_that_could_go_on_goes_as_a_whole(old, monkeypatch, statements):
    """Somebody may resume it in that very moment."""
    monkeypatch.setattr(retention, "PIECE", 10)
    keep()
    aged(old(tickets=35), 400, status=JobStatus.FAILED)

    asked = statements(lambda: retention.purge(LONG))

    assert not [one for one in asked if one.startswith("DELETE FROM job_tickets")]
    assert left(JobTicket) == 0


def test_what_is_left_at_the_end_of_the_time_goes_with_the_next_run(old):
    keep()
    old(), old()

    assert retention.purge(0.0) == Purged(0, 0, 0)
    assert retention.purge(LONG, is_stopping=lambda: True) == Purged(0, 0, 0)
    assert left() == 2
    purge_what_is_old()

    assert left() == 0


def test_the_audit_log_goes_by_age_too(in_app, monkeypatch):
    monkeypatch.setattr(retention, "PIECE", 2)
    keep(events=730)
    days = [800, 750, 740, 735, 731, 700]
    for age in days:
        at = now() - timedelta(days=age)
        db.session.add(AuditEvent(at=at, actor="system", action=f"{age}"))
    db.session.commit()
    audit_chain.seal()
    db.session.commit()
    others = left(AuditEvent) - 5

    found = retention.forecast(0, 730)
    purged = retention.purge(LONG)

    assert (found.events, (now() - found.oldest_event).days) == (5, 800)
    pieces = 3  # each of which is noted, as the whole is
    assert (purged.events, left(AuditEvent)) == (5, others + pieces + 1)
    assert audit_chain.verify().trouble == ""
    assert last_event().detail["audit_events"] == 5
