"""What the monthly cleanup lets go."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from app.database import done_unless_busy, now, writing
from app.extensions import db
from app.models import MirroredTicket, PipelineRun, RunKind, Schedule
from app.services import settings
from app.services.insights import cleaning, pipeline, stages
from tests.services.insights.pipeline.conftest import finish


@pytest.fixture
def cleanup(monkeypatch, ask, run_of):
    """Run it to its end; gives what came of it."""

    def cleanup():
        monkeypatch.setitem(stages.STAGES, "cleanup", cleaning.cleanup)
        run_id = ask(RunKind.CLEANUP)
        finish(run_id)
        return run_of(run_id).result["cleanup"]

    return cleanup


@pytest.fixture
def ended(in_app):
    """Runs that ended so many days ago."""

    def ended(days, kind=RunKind.SYNC, number=1, status="completed"):
        at = None if days is None else now() - timedelta(days=days)
        with writing():
            for _ in range(number):
                db.session.add(
                    PipelineRun(kind=kind, stages=["sync"], status=status, completed_at=at)
                )
            db.session.commit()

    return ended


def kinds_left():
    db.session.rollback()
    found = db.session.query(PipelineRun.kind).order_by(PipelineRun.id)
    return [kind for (kind,) in found if kind != RunKind.CLEANUP]


def test_what_ended_long_ago_goes_and_nothing_else(cleanup, ended):
    ended(91, RunKind.TRENDS)
    ended(89, RunKind.SYNC)
    ended(8, RunKind.HEALTH, status="failed")
    ended(6, RunKind.HEALTH)
    ended(None, RunKind.ANALYZE, status="running")

    assert cleanup() == {"runs_deleted": 2, "tickets_forgotten": 0}
    assert kinds_left() == ["sync", "health", "analyze"]


def test_how_long_they_stay_is_what_an_admin_has_set(cleanup, ended):
    with writing():
        settings.choose("runs_kept_days", 10, None)
        db.session.commit()
    ended(11)
    ended(9, RunKind.TRENDS)

    assert cleanup() == {"runs_deleted": 1, "tickets_forgotten": 0}
    assert kinds_left() == ["trends"]


def test_many_go_piece_by_piece(cleanup, ended, monkeypatch):
    monkeypatch.setattr(cleaning, "PIECE", 3)
    ended(100, number=7)

    assert cleanup() == {"runs_deleted": 7, "tickets_forgotten": 0}
    assert pipeline.runs.due() == []


def test_tickets_go_that_last_changed_longer_ago_than_they_are_kept(cleanup, put_tickets):
    put_tickets(("Kettle", "It leaks"), updated_at=now() - timedelta(days=731))
    put_tickets(("Kettle", "It hums"), first=2, updated_at=now() - timedelta(days=729))

    gone = cleanup()

    assert gone["tickets_forgotten"] == 1
    assert db.session.scalars(select(MirroredTicket.id)).all() == [2]


def test_somebody_who_writes_at_the_same_moment_is_no_setback(monkeypatch, ask, run_of):
    """On SQLite a transaction that reads, and writes when another has written since, fails at once."""
    monkeypatch.setitem(stages.STAGES, "cleanup", cleaning.cleanup)
    run_id = ask(RunKind.CLEANUP)

    def write(_connection, _cursor, statement, *_):
        if "FROM settings" in statement:
            done_unless_busy(db.engine, update(Schedule).values(place=Schedule.place + 1))

    event.listen(db.engine, "after_cursor_execute", write)
    wait = pipeline.advance(run_id)
    event.remove(db.engine, "after_cursor_execute", write)

    assert (wait, run_of(run_id).status) == (None, "completed")
