"""Credentials that an admin types: what is refused, what is kept, and what is never shown again."""

from html import unescape

import pytest
from cryptography.fernet import Fernet

from app.extensions import db
from app.models import ZendeskSettings
from app.services import connection
from tests.admin.connection.conftest import PAGE, events, settings, text_of


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


def test_settings_that_cannot_be_decrypted_can_be_entered_again(app, admin, save):
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    save(client_id="agent-client", client_secret="sandbox-secret")
    app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    assert "cannot be decrypted" in text_of(admin)

    save(client_id="agent-client", client_secret="sandbox-secret")

    with app.app_context():
        assert connection.client().me().email == "agent@sandbox.test"
        assert db.session.query(ZendeskSettings).count() == 1


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
