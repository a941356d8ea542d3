"""The switch that stops all writing."""

import pytest
from sqlalchemy import select

from app.database import now, writing
from app.extensions import db
from app.models import AuditEvent, WritingStop
from app.services import accounts, memo, writing_stop
from app.services.writing_stop import LONGEST_REASON, NoReason


@pytest.fixture
def admin(in_app, make_user):
    return accounts.by_email(make_user("admin@giga.test"))


def events():
    return db.session.execute(
        select(AuditEvent.actor, AuditEvent.action, AuditEvent.detail).order_by(AuditEvent.id)
    ).all()


def test_says_who_stopped_it_when_and_why(admin):
    assert writing_stop.current() is None

    assert writing_stop.stop(admin, "Wrong\ntags  went out")
    db.session.commit()

    stop = writing_stop.current()
    assert (stop.by, stop.reason) == ("admin@giga.test", "Wrong tags went out")
    assert abs((now() - stop.since).total_seconds()) < 60
    assert not writing_stop.may_write()


def test_stopping_and_lifting_are_noted(admin):
    writing_stop.stop(admin, "Why not")
    db.session.commit()
    writing_stop.lift(None)
    db.session.commit()

    assert events() == [
        ("admin@giga.test", "writing.stop", {"reason": "Why not", "before": "on", "after": "off"}),
        ("system", "writing.resume", {"jobs": 0, "before": "off", "after": "on"}),
    ]
    row = db.session.scalar(select(WritingStop))
    assert (row.lifted_by, row.lifted_at is None) == ("the command line", False)
    assert writing_stop.may_write()


def test_whoever_stops_it_second_changes_nothing(admin):
    writing_stop.stop(admin, "First")
    db.session.commit()

    assert not writing_stop.stop(admin, "Second")
    db.session.commit()

    assert (writing_stop.current().reason, len(events())) == ("First", 1)


def test_lifting_what_is_not_stopped_is_no_change(admin):
    assert writing_stop.lift(admin) is None
    assert events() == []


@pytest.mark.parametrize("reason", ["", " \n ", "x" * (LONGEST_REASON + 1)])
def test_a_reason_is_wanted(admin, reason):
    with pytest.raises(NoReason):
        writing_stop.stop(admin, reason)

    assert writing_stop.may_write()


def test_a_reason_is_a_line_that_no_terminal_obeys(admin):
    writing_stop.stop(admin, "Late \x1b[2J\n parcels\x07")
    db.session.commit()

    assert writing_stop.current().reason == "Late [2J parcels"


def test_a_stop_by_another_process_holds_after_a_second(in_app, monkeypatch):
    assert writing_stop.may_write()
    with writing(), db.engine.begin() as elsewhere:
        row = {"began_at": now(), "began_by": "x", "reason": "x", "lifted_by": ""}
        elsewhere.execute(WritingStop.__table__.insert().values(row))

    monkeypatch.setattr(memo, "SECONDS", 0.0)

    assert not writing_stop.may_write()


def test_looking_at_it_all_the_time_asks_once_a_second(in_app, statements, monkeypatch):
    monkeypatch.setattr(memo, "SECONDS", 60.0)
    asked = statements(lambda: [writing_stop.may_write() for _ in range(5)])

    assert len([one for one in asked if "writing_stops" in one]) == 1


def test_nothing_is_written_while_nobody_can_tell(in_app):
    with db.engine.begin() as database:
        database.exec_driver_sql("ALTER TABLE writing_stops RENAME TO hidden")
    try:
        assert not writing_stop.may_write()
    finally:
        with db.engine.begin() as database:
            database.exec_driver_sql("ALTER TABLE hidden RENAME TO writing_stops")


def test_the_command_line_stops_it_says_so_and_lets_it_go_on(in_app):
    run = in_app.test_cli_runner().invoke

    refused = run(args=["writing", "stop", "--reason", " "])
    stopped = run(args=["writing", "stop", "--reason", "Wrong tags"])
    told = run(args=["writing", "status"])
    resumed = run(args=["writing", "resume"])

    assert (refused.exit_code, "Say why" in refused.output) == (1, True)
    assert stopped.output == "Nothing is written to Zendesk from now on.\n"
    assert "stopped by the command line at" in told.output
    assert "because Wrong tags" in told.output
    assert resumed.output == "Jobs may write to Zendesk again. 0 jobs waited for that.\n"
    assert run(args=["writing", "status"]).output == "Jobs may write to Zendesk.\n"
