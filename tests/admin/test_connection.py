"""The page for the connection to Zendesk: what it shows, refuses, keeps to itself, and leads to."""

import re
import sqlite3
from contextlib import suppress
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from cryptography.fernet import Fernet
from sqlalchemy import event, select, update
from werkzeug.test import Client as WsgiClient

from app.extensions import db
from app.models import AuditEvent, Job, Method, OAuthToken, Role, ZendeskSettings
from app.services import connection
from tests.fixtures.visitor import Page, Visitor
from tests.fixtures.zendesk import Fault
from tests.test_access import addresses

PAGE = "/admin/connection"


@pytest.fixture
def save(admin):
    """Send the form; the answer."""

    def save(**fields):
        asked = {"method": "client_credentials", "subdomain": "sandbox"} | fields
        return admin.submit(PAGE, **asked)

    return save


@pytest.fixture
def allow(sandbox):
    """Press a button on Zendesk's page; the path to which that leads at our place."""

    def allow(leaving, answer="allow", user="agent@sandbox.test", **changes):
        zendesk = WsgiClient(sandbox)
        there = urlsplit(leaving.headers["Refresh"].removeprefix("0; url="))
        page = zendesk.get(f"{there.path}?{there.query}")
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        form = {name: unescape(value) for name, value in fields.items()}
        form |= {"answer": answer, "user": user} | changes
        went = zendesk.post(
            "/oauth/authorizations",
            data=urlencode(form),
            content_type="application/x-www-form-urlencoded",
        )
        back = urlsplit(went.location)
        return f"{back.path}?{back.query}"

    return allow


@pytest.fixture
def connect(admin, allow):
    """Connect, as the page does it; what the page says then."""

    def connect(**options):
        leaving = admin.submit(PAGE, f"{PAGE}/connect")
        admin.get(allow(leaving, **options))
        return text_of(admin)

    return connect


def text_of(visitor, page=PAGE):
    return Page(visitor.get(page).text).text


def events(app):
    with app.app_context():
        return [(e.action, e.target, e.detail) for e in db.session.scalars(select(AuditEvent))]


def settings(app):
    with app.app_context():
        return db.session.scalar(select(ZendeskSettings))


def test_only_admins_see_it(app, agent, monkeypatch):
    app.config["WTF_CSRF_ENABLED"] = False

    answers = {
        (endpoint, method): agent.open(address, method).status_code
        for endpoint, method, address in addresses(app)
        if endpoint.startswith("admin.")
    }

    assert set(answers.values()) == {403}
    assert len(answers) >= 7
    assert "Connection" not in agent.get("/").text


def test_it_shows_what_the_environment_sets(admin):
    text = text_of(admin)

    assert "http://sandbox.test" in text
    assert "OAuth, by client secret, client sandbox-client" in text
    assert "the environment of web and worker" in text
    assert f"http://localhost{PAGE}/callback" in text
    assert "sandbox-secret" not in text


def test_with_secure_cookies_zendesk_is_told_to_come_back_by_https(app, admin):
    app.config["SESSION_COOKIE_SECURE"] = True

    with app.test_request_context("/"):
        from app.admin.connection import redirect_uri

        assert redirect_uri() == f"https://localhost{PAGE}/callback"


def test_zendesk_is_told_the_public_address_whatever_host_a_request_names(app):
    app.config["PUBLIC_URL"] = "https://giga.example.com/"

    with app.test_request_context("/", headers={"Host": "evil.test"}):
        from app.admin.connection import redirect_uri

        assert redirect_uri() == f"https://giga.example.com{PAGE}/callback"


@pytest.mark.parametrize(
    ("method", "fields", "kept"),
    [
        (
            "client_credentials",
            {"client_id": "agent-client", "client_secret": " sandbox-secret\n"},
            "agent-client",
        ),
        ("api_token", {"email": "agent@sandbox.test", "api_token": "sandbox-token"}, None),
    ],
)
def test_what_is_saved_wins_over_the_environment(app, save, method, fields, kept):
    assert save(method=method, **fields).status_code == 302

    assert settings(app).oauth_client_id == kept
    with app.app_context():
        assert connection.client().me().email == "agent@sandbox.test"


def test_secrets_are_never_shown_again_and_never_logged(app, admin, save):
    save(client_id="agent-client", client_secret="a-new-secret")

    page = admin.get(PAGE).text
    answer = save(client_id="", client_secret="another-secret")

    assert "Stored. Leave it empty to keep it." in page
    assert "a-new-secret" not in page + str(events(app))
    assert answer.status_code == 422
    assert "another-secret" not in answer.text


def test_an_empty_secret_keeps_the_one_that_is_stored(app, save):
    save(client_id="agent-client", client_secret="sandbox-secret")

    assert save(client_id="agent-client").status_code == 302

    assert settings(app).oauth_client_secret == "sandbox-secret"


@pytest.mark.parametrize(
    "fields",
    [
        {"client_id": "another-client"},
        {"client_id": "agent-client", "subdomain": "elsewhere"},
        {"client_id": "", "client_secret": "", "method": "api_token", "email": "a@b.test"},
    ],
)
def test_a_stored_secret_is_never_used_for_another_client_or_account(app, save, fields):
    app.config |= {"ZENDESK_BASE_URL": ""}
    save(client_id="agent-client", client_secret="sandbox-secret")

    answer = save(**fields)

    assert answer.status_code == 422
    assert "None is stored for this" in answer.text
    assert settings(app).oauth_client_id == "agent-client"


def test_the_environments_secret_is_not_sent_to_another_account(app, save):
    app.config |= {"ZENDESK_BASE_URL": ""}

    answer = save(subdomain="elsewhere")

    assert answer.status_code == 422
    assert "Type the OAuth client" in unescape(answer.text)


@pytest.mark.parametrize(
    ("typed", "subdomain"),
    [
        ("acme", "acme"),
        (" ACME ", "acme"),
        ("acme-2.zendesk.com", "acme-2"),
        ("https://acme.zendesk.com/agent/dashboard", "acme"),
    ],
)
def test_a_pasted_address_is_understood(app, save, typed, subdomain):
    save(subdomain=typed, client_id="x", client_secret="y")

    assert settings(app).subdomain == subdomain


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "support.acme.com",
        "https://acme.zendesk.com.evil.test",
        "https://acme.zendesk.com@evil.test/",
        "evil.test/acme.zendesk.com",
        "evil.test#.zendesk.com",
        "acme.zendesk.com:8080",
        "-acme",
        "a" * 64,
        "äcme",
    ],
)
def test_what_is_no_subdomain_is_refused_beside_its_field(app, save, typed):
    answer = save(subdomain=typed, client_id="kept-as-typed", client_secret="y")

    page = unescape(answer.text)
    assert answer.status_code == 422
    assert 'id="subdomain-error"' in page
    assert 'value="kept-as-typed"' in page
    assert settings(app) is None


@pytest.mark.parametrize("typed", ["www", "localhost", "https://www.zendesk.com/"])
def test_a_subdomain_that_is_no_account_is_refused_with_a_sentence(app, save, typed):
    answer = save(subdomain=typed, client_id="x", client_secret="y")

    assert answer.status_code == 422
    assert "is no Zendesk account" in unescape(answer.text)
    assert settings(app) is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("email", "nobody", "Type an email address"),
        ("email", "a b@example.com", "Type an email address"),
        ("email", "a@example", "Type an email address"),
        ("email", "a@@example.com", "Type an email address"),
        ("client_id", "two words", "no spaces"),
        ("client_id", "gïga", "no spaces"),
        ("client_secret", "se cret", "no spaces"),
        ("client_secret", "secret\u200b", "no spaces"),
        ("api_token", "to\tken", "no spaces"),
    ],
)
def test_what_cannot_be_sent_is_refused_beside_its_field(app, save, field, typed, words):
    way = "api_token" if field in ("email", "api_token") else "client_credentials"
    good = {"email": "a@example.com", "api_token": "t", "client_id": "c", "client_secret": "s"}

    answer = save(method=way, **good | {field: typed})

    page = unescape(answer.text)
    assert answer.status_code == 422
    assert words in page
    assert f'id="{field}-error"' in page
    assert settings(app) is None


def test_the_audit_log_tells_from_what_to_what_the_connection_was_changed(app, save):
    save(client_id="one-client", client_secret="a-new-secret")
    save(client_id="other-client", client_secret="another-secret")

    first, second = (detail for action, _, detail in events(app) if action == "connection.change")
    one = {"subdomain": "sandbox", "method": "client_credentials", "client_id": "one-client"}
    assert first == {"before": None, "after": one | {"email": None}, "new_secret": True}
    assert second["before"] == first["after"]
    assert second["after"]["client_id"] == "other-client"


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


def test_another_account_is_refused_while_a_job_is_not_over(app, save, make_job):
    app.config["ZENDESK_BASE_URL"] = ""
    make_job([1])

    answer = save(subdomain="elsewhere", client_id="x", client_secret="y")

    assert answer.status_code == 422
    assert "One job is not over yet" in answer.text
    assert settings(app) is None


def test_the_same_account_can_have_new_credentials_while_a_job_runs(app, admin, save, make_job):
    make_job([1])

    assert save(client_id="agent-client", client_secret="sandbox-secret").status_code == 302
    assert "One job is not over. New credentials" in text_of(admin)


def test_what_was_saved_can_be_forgotten(app, admin, save):
    save(client_id="agent-client", client_secret="sandbox-secret")

    admin.submit(PAGE, f"{PAGE}/forget")

    assert settings(app) is None
    assert "the environment of web and worker" in text_of(admin)


def test_the_test_shows_its_findings_and_wakes_jobs(admin):
    text = Page(admin.submit(PAGE, f"{PAGE}/test").text).text

    assert "The connection works" in text
    assert "Signed in to http://sandbox.test as Ada Sandbox" in text


def test_a_test_that_fails_says_what_to_do(app, admin):
    app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "a guess"

    text = Page(admin.submit(PAGE, f"{PAGE}/test").text).text

    assert "The connection does not work yet" in text
    assert "Admin Center" in text
    assert "a guess" not in text


def test_settings_that_cannot_be_decrypted_can_be_entered_again(app, admin, save):
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    save(client_id="agent-client", client_secret="sandbox-secret")
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    assert "cannot be decrypted" in text_of(admin)

    save(client_id="agent-client", client_secret="sandbox-secret")

    with app.app_context():
        assert connection.client().me().email == "agent@sandbox.test"
        assert db.session.query(ZendeskSettings).count() == 1


def test_tokens_that_cannot_be_decrypted_are_replaced_by_connecting(app, connect):
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    connect()
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()

    assert "Connected as" in connect(user="admin@sandbox.test")

    with app.app_context():
        assert connection.client().me().email == "admin@sandbox.test"
        assert db.session.query(OAuthToken).count() == 1


@pytest.mark.parametrize("anew", ["save", "forget"])
def test_a_minted_token_that_cannot_be_decrypted_is_no_dead_end(app, admin, save, anew):
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    admin.submit(PAGE, f"{PAGE}/test")
    app.extensions.pop("zendesk_tokens")
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    assert "cannot be decrypted" in text_of(admin)

    if anew == "save":
        save(client_id="sandbox-client", client_secret="sandbox-secret")
    else:
        admin.submit(PAGE, f"{PAGE}/forget")

    assert "cannot be decrypted" not in text_of(admin)
    with app.app_context():
        assert connection.client().me().email == "admin@sandbox.test"


def test_a_role_that_is_taken_away_closes_the_page(app, sign_in, make_user):
    admin = sign_in("other@giga.test", Role.ADMIN)
    with app.app_context():
        db.session.execute(
            db.text("UPDATE users SET role = 'user' WHERE email = 'other@giga.test'")
        )
        db.session.commit()

    assert admin.open(PAGE).status_code == 403


def test_a_new_installation_says_what_is_needed_and_offers_only_what_makes_sense(
    app, admin, monkeypatch
):
    monkeypatch.setitem(app.config, "ZENDESK_SUBDOMAIN", "")

    page = admin.get(PAGE).text

    assert "is not connected to a Zendesk account yet. You need to be an admin in Zendesk" in page
    assert "Set it up" in page
    assert not any(words in page for words in ("Test connection", "Go back to what", "README"))
