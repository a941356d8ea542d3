"""The chain of the audit log: what is done to the entries behind the app's back is found, at the first entry."""

import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.database import now, writing
from app.extensions import db
from app.models import AuditCheckpoint, AuditEvent, User
from app.services import audit, audit_chain
from app.services.audit_chain import Link

GUARDS = (
    *("audit_events_added", "audit_events_unchanged", "audit_events_kept"),
    *("audit_checkpoints_true", "audit_checkpoints_unchanged", "audit_checkpoints_kept"),
)


def note(*actions):
    """Entries of these actions, committed."""
    with writing():
        for action in actions:
            audit.record(None, action, "a target", "192.0.2.1", before={"b": 1, "a": "ä"}, after=2)
        db.session.commit()


def note_at(moment, *actions):
    with writing():
        db.session.add_all(AuditEvent(at=moment, actor="system", action=one) for one in actions)
        db.session.commit()


def seal(**options):
    with writing():
        done = audit_chain.seal(**options)
        db.session.commit()
    return done


def purge(moment, **options):
    with writing():
        gone = audit_chain.purge_before(moment, **options)
        db.session.commit()
    return gone


@pytest.fixture
def sealed(in_app):
    """Five entries, sealed as 1 to 5."""
    note("one", "two", "three", "four", "five")
    seal()


@pytest.fixture
def tamper(own_engine):
    """Do something to the database without its guards, as somebody could who has its password."""

    def tamper(*statements):
        with own_engine.begin() as connection:
            if own_engine.dialect.name == "postgresql":
                statements = ("SET LOCAL session_replication_role = replica", *statements)
            else:
                statements = (*(f"DROP TRIGGER {name}" for name in GUARDS), *statements)
            for statement in statements:
                connection.execute(text(statement))

    return tamper


@pytest.fixture
def own_engine(in_app):
    db.session.rollback()
    engine = create_engine(in_app.config["SQLALCHEMY_DATABASE_URI"])
    yield engine
    engine.dispose()


def numbers():
    rows = db.session.query(AuditEvent.action, AuditEvent.seal_no).order_by(AuditEvent.seal_no)
    return [tuple(row) for row in rows]


def test_entries_are_sealed_without_gaps_whatever_was_committed_late(sealed):
    seal()
    note("six")
    note_at(now() - timedelta(days=1), "late")
    seal()

    assert numbers()[-2:] == [("six", 6), ("late", 7)]
    assert [number for _, number in numbers()] == [1, 2, 3, 4, 5, 6, 7]


def test_a_chain_that_nobody_touched_is_good(sealed):
    note("not sealed yet")

    verdict = audit_chain.verify()

    assert (verdict.trouble, verdict.checked, verdict.unsealed) == ("", 5, 1)
    assert verdict.head == audit_chain.head()
    assert verdict.head.seal_no == 5


def test_an_empty_log_is_good(in_app):
    assert audit_chain.verify().trouble == ""
    assert audit_chain.verify(audit_chain.head()).trouble == ""


def test_only_so_many_are_sealed_at_once(in_app):
    note(*"abcde")

    assert [seal(at_most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert audit_chain.verify().checked == 5


def test_the_seal_does_not_hang_on_the_database(in_app):
    """The very hash, on both: a dump that moves from one to the other stays good."""
    moment = datetime(2026, 11, 23, 12, 0, 0, 120_000, UTC)
    with writing():
        detail = {"z": [1, 2.5, None, True], "a": "ä\u202e“"}
        db.session.add(AuditEvent(id=7, at=moment, actor="a@x.test", action="x", detail=detail))
        db.session.commit()
    seal()

    assert audit_chain.canonical(db.session.get(AuditEvent, 7)) == (
        '{"action":"x","actor":"a@x.test","address":"","at":"2026-11-23T12:00:00.120000Z",'
        '"detail":{"a":"\\u00e4\\u202e\\u201c","z":[1,2.5,null,true]},"id":7,"target":""}'
    )
    assert audit_chain.head().seal == SEAL_OF_SEVEN


# printf '%064d\n1\n%s' 0 "$CANONICAL" | sha256sum
SEAL_OF_SEVEN = "6db27bf151c70cc3b440e9cf5922c7a32670c3caf4a34b97195938df423ae1fe"


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (["UPDATE audit_events SET actor = 'eve' WHERE seal_no = 3"], "No. 3 .* was changed"),
        (["UPDATE audit_events SET detail = '{}' WHERE seal_no = 3"], "No. 3 .* was changed"),
        (["UPDATE audit_events SET seal = NULL WHERE seal_no = 3"], "No. 3 .* was changed"),
        (["UPDATE audit_events SET id = 99 WHERE seal_no = 1"], "No. 1 .* was changed"),
        (["DELETE FROM audit_events WHERE seal_no = 3"], "after no. 2 comes no. 4"),
        (["DELETE FROM audit_events WHERE seal_no = 1"], "after no. 0 comes no. 2"),
        (
            [
                "UPDATE audit_events SET seal_no = 99 WHERE seal_no = 2",
                "UPDATE audit_events SET seal_no = 2 WHERE seal_no = 3",
                "UPDATE audit_events SET seal_no = 3 WHERE seal_no = 99",
            ],
            "No. 2 .* took the place of another",
        ),
        (
            [
                "DELETE FROM audit_events WHERE seal_no = 3",
                "UPDATE audit_events SET seal_no = seal_no - 1 WHERE seal_no = 4",
                "UPDATE audit_events SET seal_no = seal_no - 1 WHERE seal_no = 5",
            ],
            "No. 3 .* took the place of another",
        ),
        (
            [
                "INSERT INTO audit_checkpoints (seal_no, seal, removed, at) "
                "SELECT seal_no, seal, 2, at FROM audit_events WHERE seal_no = 2"
            ],
            "An entry was added: no. 1 ",
        ),
    ],
)
def test_what_was_done_to_the_entries_is_found(sealed, tamper, done, words):
    tamper(*done)

    assert re.search(words, audit_chain.verify().trouble)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_entry_that_is_there_twice_is_found(sealed, tamper):
    tamper(
        "DROP INDEX ix_audit_events_seal_no",
        "INSERT INTO audit_events (id, at, actor, action, target, detail, address, seal_no, seal) SELECT 99, at, "
        "'eve', action, target, detail, address, seal_no, seal FROM audit_events WHERE seal_no = 3",
    )

    assert "An entry was added: no. 3 (id 99)" in audit_chain.verify().trouble


def test_that_the_end_was_taken_away_shows_against_a_head_that_was_kept(sealed, tamper):
    kept = audit_chain.head()
    db.session.rollback()
    tamper("DELETE FROM audit_events WHERE seal_no > 3")

    assert audit_chain.verify().trouble == ""
    assert "ends at no. 3" in audit_chain.verify(kept).trouble

    db.session.rollback()
    note("a", "b")
    seal()
    assert audit_chain.verify().trouble == ""
    assert "sealed anew" in audit_chain.verify(kept).trouble


def test_a_chain_that_went_on_still_has_the_head_that_was_kept(sealed):
    kept = audit_chain.head()
    note("six")
    seal()

    assert audit_chain.verify(kept).trouble == ""
    assert Link.of(str(kept)) == kept


@pytest.mark.parametrize("typed", ["", "x", "5", "5:abc", "-1:" + "0" * 64])
def test_what_is_no_head_is_refused(typed):
    with pytest.raises(ValueError, match="A head is"):
        Link.of(typed)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'eve'",
        "UPDATE audit_events SET at = '2020-01-01 00:00:00'",
        "UPDATE audit_events SET detail = '{}'",
        "UPDATE audit_events SET id = 99 WHERE seal_no = 3",
        "UPDATE audit_events SET seal_no = NULL, seal = NULL WHERE seal_no = 3",
        "UPDATE audit_events SET seal = 'x' WHERE seal_no = 3",
        "UPDATE audit_events SET seal_no = 3 WHERE seal_no IS NULL",
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE seal_no IS NULL",
        "DELETE FROM audit_events WHERE seal_no = 1",
        "INSERT INTO audit_checkpoints (seal_no, seal, removed, at) VALUES (9, 'x', 9, '2026-01-01')",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(sealed, own_engine, statement):
    note("not sealed yet")
    db.session.rollback()

    with pytest.raises(DBAPIError, match="only ever added to"), own_engine.begin() as connection:
        connection.execute(text(statement))


def test_no_entry_takes_the_place_of_another(sealed, own_engine):
    """On SQLite by REPLACE, which deletes without asking; on PostgreSQL all at once."""
    db.session.rollback()
    statement = "TRUNCATE audit_events"
    if own_engine.dialect.name == "sqlite":
        statement = (
            "INSERT OR REPLACE INTO audit_events (id, at, actor, action, target, detail, address) "
            "SELECT id, at, 'eve', action, target, detail, address FROM audit_events"
        )

    with pytest.raises(DBAPIError, match="only ever added to"), own_engine.begin() as connection:
        connection.execute(text(statement))


def test_the_seal_outlives_the_account(in_app, make_user):
    make_user("gone@giga.test")
    with writing():
        person = db.session.query(User).one()
        audit.record(person, "sign_in")
        db.session.commit()
        seal()
        db.session.delete(person)
        db.session.commit()

    event = db.session.query(AuditEvent).one()
    assert (event.user_id, event.actor) == (None, "gone@giga.test")
    assert audit_chain.verify().trouble == ""


def test_a_purge_takes_the_oldest_and_leaves_where_the_chain_goes_on(in_app):
    note_at(now() - timedelta(days=400), "old", "older")
    note_at(now(), "new")
    seal()
    last_old = db.session.query(AuditEvent).filter_by(seal_no=2).one().seal

    assert purge(now() - timedelta(days=365)) == 2

    checkpoint = db.session.query(AuditCheckpoint).one()
    assert (checkpoint.seal_no, checkpoint.seal, checkpoint.removed) == (2, last_old, 2)
    assert ("new", 3) in numbers()
    verdict = audit_chain.verify()
    assert (verdict.trouble, verdict.checked, verdict.purged) == ("", 1, 2)
    assert db.session.query(AuditEvent).filter_by(action="audit.purge").one().detail["removed"] == 2


def test_what_is_young_or_not_sealed_is_not_purged(in_app):
    note_at(now(), "new")
    note_at(now() - timedelta(days=400), "committed late")
    seal()
    note_at(now() - timedelta(days=400), "not sealed")

    assert purge(now() - timedelta(days=365)) == 0
    assert db.session.query(AuditEvent).count() == 3


def test_a_purge_takes_no_more_than_it_is_told(in_app):
    note_at(now() - timedelta(days=400), *"abcde")
    seal()

    assert [purge(now() - timedelta(days=1), at_most=2) for _ in range(3)] == [2, 2, 1]
    assert audit_chain.verify().trouble == ""


def test_the_chain_goes_on_after_all_was_purged(in_app):
    note_at(now() - timedelta(days=400), "old")
    seal()
    kept = audit_chain.head()
    purge(now())
    seal()

    verdict = audit_chain.verify(kept)
    assert (verdict.trouble, verdict.head.seal_no) == ("", 2)
    purge(now() + timedelta(days=1))
    assert "Note a newer one" in audit_chain.verify(kept).trouble


def test_two_that_seal_at_once_make_one_chain(in_app):
    note(*"abcdefghij")
    together = Barrier(2)

    def work():
        with in_app.app_context():
            together.wait()
            for _ in range(5):
                seal(at_most=2)

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while seal():
        pass

    assert [number for _, number in numbers()] == list(range(1, 11))
    assert audit_chain.verify().trouble == ""
