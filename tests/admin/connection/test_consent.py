"""Connecting by consent: the walk to Zendesk and back, what it leads to, and its end."""

import sqlite3
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.fernet import Fernet
from sqlalchemy import event, update

from app.extensions import db
from app.models import Job, Method, OAuthToken
from app.services import connection
from tests.admin.connection.conftest import PAGE, events, settings, text_of
from tests.fixtures.visitor import Visitor
from tests.fixtures.zendesk import Fault


def test_an_admin_connects_and_changes_carry_their_name(app, connect):
    text = connect()

    assert "Connected as Gil Sandbox, role agent. Changes in Zendesk will carry this name." in text
    assert "Gil Sandbox &lt;agent@sandbox.test&gt;, role agent" in text
    assert "Gil Sandbox &lt;agent@sandbox.test&gt; is no admin." in text
    assert "OAuth, by connecting" in text
    assert "renewed by itself" in text
    with app.app_context():
        assert connection.client().me().email == "agent@sandbox.test"
    assert settings(app).method == Method.AUTHORIZATION_CODE
    assert [action for action, *_ in events(app) if "connect" in action] == [
        "connection.connect.begin",
        "connection.connect",
    ]


def test_who_may_not_work_in_zendesk_replaces_nothing(app, sandbox, connect):
    connect(user="admin@sandbox.test")

    text = connect(user="customer@sandbox.test")

    assert "is no agent or admin (role end-user)" in text
    assert "Whatever was connected before is still in use" in text
    assert "Ada Sandbox &lt;admin@sandbox.test&gt;, role admin" in text
    assert "is no admin." not in text
    with app.app_context():
        assert connection.client().me().email == "admin@sandbox.test"
    assert sandbox.doorkeeper.tokens.revoke_all() == 1


def test_a_consent_whose_person_cannot_be_learnt_replaces_nothing(app, transport, connect, sandbox):
    connect(user="admin@sandbox.test")
    transport.faults += [None, Fault(requests.ReadTimeout())]

    text = connect(user="agent@sandbox.test")

    assert "Zendesk did not say who has allowed it" in text
    with app.app_context():
        assert connection.client().me().email == "admin@sandbox.test"
    assert sandbox.doorkeeper.tokens.revoke_all() == 1


def test_the_walk_to_zendesk_is_bound_and_proves_itself(admin):
    leaving = admin.submit(PAGE, f"{PAGE}/connect")

    there = urlsplit(leaving.headers["Refresh"].removeprefix("0; url="))
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}

    assert f"{there.scheme}://{there.netloc}{there.path}" == (
        "http://sandbox.test/oauth/authorizations/new"
    )
    assert asked["response_type"] == "code"
    assert asked["scope"] == "read write"
    assert asked["redirect_uri"] == f"http://localhost{PAGE}/callback"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 32
    assert "Continue to Zendesk" in leaving.text


def test_an_answer_is_good_once(admin, allow):
    back = allow(admin.submit(PAGE, f"{PAGE}/connect"))

    admin.get(back)
    assert "Connected as" in text_of(admin)
    admin.get(back)

    assert "used already" in text_of(admin)


def test_an_answer_to_another_browser_is_refused(app, admin, allow):
    back = allow(admin.submit(PAGE, f"{PAGE}/connect"))
    other = Visitor(app)
    other.sign_in("admin@giga.test")

    other.get(back)

    assert "does not belong to a connection that you have just begun" in text_of(other)
    assert settings(app) is None


def test_a_state_that_nobody_gave_is_refused(app, admin):
    admin.submit(PAGE, f"{PAGE}/connect")

    admin.get(f"{PAGE}/callback?code=planted&state=gu%C3%A9ss")

    assert "does not belong" in text_of(admin)
    assert settings(app) is None


def test_a_code_of_another_walk_is_refused_by_zendesk(app, admin, allow):
    admin.get(
        f"{allow(admin.submit(PAGE, f'{PAGE}/connect'))}&code=planted".replace("code=", "x=", 1)
    )

    assert "did not accept the code" in text_of(admin)
    assert settings(app) is None


def test_who_declines_is_told_that_nothing_was_changed(app, connect):
    assert "Zendesk was told not to allow it. Nothing was changed." in connect(answer="deny")
    assert settings(app) is None


@pytest.fixture
def busy_database(app):
    """A job in another process, which writes on SQLite whenever a page has read who asks and the lock is free."""
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    job = sqlite3.connect(path, timeout=0, isolation_level=None)
    job.execute("CREATE TABLE written (a)")
    writes = []

    def write(_connection, _cursor, statement, *_):
        if "FROM users" in statement:
            with suppress(sqlite3.OperationalError):
                writes.append(job.execute("INSERT INTO written VALUES (1)"))

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", write)
    yield writes
    with app.app_context():
        event.remove(db.engine, "after_cursor_execute", write)
    job.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it alone has one lock for all
def test_who_comes_back_while_a_job_writes_is_answered(admin, allow, busy_database):
    back = allow(admin.submit(PAGE, f"{PAGE}/connect"), answer="deny")
    busy_database.clear()

    assert admin.get(back).status_code == 302
    assert busy_database


def test_words_in_the_address_are_not_shown(admin, allow):
    back = allow(admin.submit(PAGE, f"{PAGE}/connect"), answer="deny")

    admin.get(back.replace("access_denied", "call+0800+now"))

    text = text_of(admin)
    assert "gave no reason that we know" in text
    assert "0800" not in text


def test_disconnecting_ends_the_tokens_here_and_at_zendesk(app, admin, sandbox, connect):
    connect()

    admin.submit(PAGE, f"{PAGE}/disconnect")

    text = text_of(admin)
    assert "Disconnected. Jobs wait until an admin connects again." in text
    assert "nobody is connected now" in text
    assert sandbox.doorkeeper.tokens.revoke_all() == 0
    assert "connection.disconnect" in [action for action, *_ in events(app)]


def test_connecting_again_ends_the_token_of_before(app, sandbox, connect):
    connect(user="agent@sandbox.test")
    connect(user="admin@sandbox.test")

    with app.app_context():
        assert connection.client().me().email == "admin@sandbox.test"
    assert sandbox.doorkeeper.tokens.revoke_all() == 1


def test_a_lost_connection_is_said_and_connecting_again_wakes_the_jobs(
    app, admin, sandbox, connect, make_job
):
    connect()
    waiting = make_job([1]).id
    sandbox.doorkeeper.tokens.revoke_all()
    admin.submit(PAGE, f"{PAGE}/test")
    with app.app_context():
        lost = {"wait_reason": "sign_in", "wake_at": None}
        db.session.execute(update(Job).where(Job.id == waiting).values(**lost))
        db.session.commit()
    assert "Connect again" in text_of(admin)

    text = connect()

    assert "Connected as" in text
    assert "One job that waited for this goes on now." in text
    assert "Connect again" not in text
    with app.app_context():
        assert db.session.get(Job, waiting).wake_at is not None


def test_tokens_that_cannot_be_decrypted_are_replaced_by_connecting(app, connect):
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    connect()
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()

    assert "Connected as" in connect(user="admin@sandbox.test")

    with app.app_context():
        assert connection.client().me().email == "admin@sandbox.test"
        assert db.session.query(OAuthToken).count() == 1
