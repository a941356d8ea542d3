"""Access tokens: known again by their hash alone, good until they end, and noted when they are used."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import create_engine

from app.database import now
from app.extensions import db
from app.models import ApiToken, AuditEvent, Scope
from app.services import accounts, api_tokens


@pytest.fixture
def owner(in_app, make_user):
    return accounts.by_email(make_user())


@pytest.fixture
def secret(owner):
    made = api_tokens.create(owner, "Nightly", Scope.READ, days=7, by=owner, address="192.0.2.1")
    db.session.commit()
    return made


def test_a_token_looks_like_one_and_is_not_kept(secret):
    token = db.session.query(ApiToken).one()

    assert secret.startswith("giga_")
    assert len(secret) == 45
    assert secret not in str([vars(token), vars(db.session.query(AuditEvent).one())])
    assert secret.startswith(token.prefix)
    assert api_tokens.owner_of(secret) is token


@pytest.mark.parametrize("other", ["", "giga_", "giga_" + "x" * 40, "x" * 45])
def test_what_is_no_token_is_nobodys(secret, other):
    assert api_tokens.owner_of(other) is None


def test_a_token_ends(secret):
    with time_machine.travel(now() + timedelta(days=6, hours=23)):
        assert api_tokens.owner_of(secret)
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        assert api_tokens.owner_of(secret) is None


def test_a_revoked_token_lets_nobody_in_and_is_revoked_once(owner, secret):
    token = api_tokens.owner_of(secret)

    assert api_tokens.revoke(token, by=owner)
    assert not api_tokens.revoke(token, by=owner)
    db.session.commit()

    assert api_tokens.owner_of(secret) is None
    assert token.state == "revoked"


def test_a_deactivated_persons_token_lets_nobody_in(owner, secret):
    owner.enabled = False
    db.session.commit()

    assert api_tokens.owner_of(secret) is None


def test_making_and_revoking_are_in_the_audit_log(owner, secret):
    api_tokens.revoke(api_tokens.owner_of(secret), by=owner, address="192.0.2.1")
    db.session.commit()

    events = db.session.query(AuditEvent).order_by(AuditEvent.id).all()

    assert [one.action for one in events] == ["token.create", "token.revoke"]
    assert {(one.actor, one.target, one.address) for one in events} == {
        ("agent@giga.test", "agent@giga.test", "192.0.2.1")
    }
    assert events[0].detail["scope"] == "read"


def test_use_is_noted_once_a_minute(secret):
    token = api_tokens.owner_of(secret)
    noted = []
    for seconds in (0, 30, 61):
        with time_machine.travel(now() + timedelta(seconds=seconds), tick=False):
            api_tokens.note_use(token)
            noted.append((token.last_used_at - token.created_at).total_seconds())

    assert noted[0] == noted[1]
    assert noted[2] - noted[0] > 55


@pytest.mark.timeout(15)
def test_noting_the_use_waits_for_nobody(secret):
    token = api_tokens.owner_of(secret)
    db.session.commit()
    begin = "BEGIN IMMEDIATE" if db.engine.dialect.name == "sqlite" else "BEGIN"
    other = create_engine(db.engine.url, isolation_level="AUTOCOMMIT").connect()
    other.exec_driver_sql(begin)
    other.exec_driver_sql("UPDATE api_tokens SET name = 'held'")

    api_tokens.note_use(token)  # would wait for half a minute, and then fail

    assert token.last_used_at is None
    other.exec_driver_sql("ROLLBACK")
    other.close()
    other.engine.dispose()
    api_tokens.note_use(token)
    assert token.last_used_at is not None
