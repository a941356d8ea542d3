"""Sessions in the database."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from app.database import now, writing
from app.extensions import db
from app.models import UserSession
from app.services import accounts, sessions


@pytest.fixture
def person(in_app, make_user):
    return accounts.by_email(make_user())


def begun(person):
    key = sessions.begin(person, "192.0.2.1", "A browser " * 100)
    db.session.commit()
    return key


def test_are_found_with_their_person_in_one_query(person, statements):
    key = begun(person)
    db.session.remove()

    asked = statements(lambda: sessions.find(key))

    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_the_table_does_not_have_the_key(person):
    key = begun(person)

    row = db.session.execute(text("SELECT * FROM user_sessions")).one()

    assert key not in str(row)
    assert sessions.find(row.key_hash) is None


def test_ending_all_spares_one_where_it_is_named_and_other_people_always(person, make_user):
    mine, other = begun(person), begun(person)
    theirs = begun(accounts.by_email(make_user("other@giga.test")))

    ended = sessions.end_all(person, but=sessions.find(mine)[1])

    assert ended == 1
    assert [bool(sessions.find(key)) for key in (mine, other, theirs)] == [True, False, True]
    assert sessions.end_all(person) == 1


def test_whose_account_is_switched_off_has_none(person):
    key = begun(person)

    person.enabled = False
    db.session.commit()

    assert sessions.find(key) is None


def test_those_long_over_are_forgotten(person):
    kept, ended = begun(person), begun(person)
    sessions.end(sessions.find(ended)[1])
    db.session.commit()

    assert sessions.forget_old() == 0
    with time_machine.travel(now() + timedelta(days=2)):
        assert sessions.forget_old() == 1
    assert sessions.find(kept)
    with time_machine.travel(now() + sessions.IDLE + timedelta(days=2)):
        assert sessions.forget_old() == 1


def seen(session_id):
    db.session.rollback()
    wanted = select(UserSession.last_seen_at).where(UserSession.id == session_id)
    return db.session.scalar(wanted)


def test_when_one_was_seen_is_kept_once_a_minute(person):
    session = sessions.find(begun(person))[1]
    session_id, begun_at = session.id, session.last_seen_at
    db.session.rollback()

    for seconds, kept in ((59, 0), (61, 61), (100, 61)):
        with time_machine.travel(begun_at + timedelta(seconds=seconds), tick=False):
            sessions.note_seen(session_id, begun_at)
        assert seen(session_id) == begun_at + timedelta(seconds=kept)


def test_a_lock_that_another_holds_is_not_waited_for(person):
    session = sessions.find(begun(person))[1]
    session_id, begun_at = session.id, session.last_seen_at
    db.session.rollback()

    with time_machine.travel(begun_at + timedelta(minutes=5), tick=False):
        with writing(), db.engine.begin() as connection:
            connection.execute(text("UPDATE user_sessions SET address = '192.0.2.2'"))
            sessions.note_seen(session_id, begun_at)  # else for 30 s, and then in vain
        assert seen(session_id) == begun_at
        sessions.note_seen(session_id, begun_at)

    assert seen(session_id) == begun_at + timedelta(minutes=5)


@pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # PostgreSQL forgets it by itself
def test_a_connection_is_patient_again_after_it_was_not(person):
    session = sessions.find(begun(person))[1]
    session_id, begun_at = session.id, session.last_seen_at
    db.session.rollback()

    with time_machine.travel(begun_at + timedelta(minutes=5)):
        sessions.note_seen(session_id, begun_at)

    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
