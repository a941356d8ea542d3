"""The page for the connection to Zendesk: who sees it, and what it shows."""

from app.extensions import db
from app.models import Role
from tests.admin.connection.conftest import PAGE, text_of
from tests.fixtures.visitor import Page
from tests.test_access import addresses


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
