"""The page on health, the badge on every page, the way to Flower."""

import html

import pytest
from redis import Redis

from app.config import Config, ConfigError
from app.extensions import db, redis
from app.models import Role, ZendeskSettings
from app.services import badge, memo, presence
from tests.fixtures.visitor import Page


def told(answer):
    return html.unescape(Page(answer.text).text)


def test_tells_how_each_part_is(app, admin):
    presence.worker_is_here("celery@one")
    presence.upkeep_was_done()

    text = told(admin.get("/admin/health"))

    for words in (
        "Everything is well.",
        "One worker is running.",
        "celery@one version 0.1.0, last heard 0 s ago",
        "It answers, and its tables are up to date.",
        "Jobs that have something to do are taken up.",
        "Test the connection",
    ):
        assert words in text
    assert "Flower" not in text


def test_without_redis_it_says_so_and_what_to_do(app, admin, monkeypatch):
    monkeypatch.setattr(redis, "client", Redis.from_url("redis://127.0.0.1:1", retry=None))

    text = told(admin.get("/admin/health"))

    assert "Broker Problem Redis cannot be reached. Jobs wait until it is back" in text
    assert "Database Good" in text


def test_leads_to_flower_where_that_is_set(app, admin):
    app.config["FLOWER_URL"] = "/flower"

    assert '<a href="/flower">open Flower</a>' in admin.get("/admin/health").text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//elsewhere", "flower", "https:///x"])
def test_flower_is_at_an_address_or_a_path(address):
    with pytest.raises(ConfigError, match="FLOWER_URL must be"):
        Config(FLOWER_URL=address)


def test_nginx_learns_who_may_see_flower_without_page_or_redirect(visitor, sign_in):
    people = (visitor, sign_in("agent@giga.test"), sign_in("admin@giga.test", Role.ADMIN))

    answers = [one.open("/may-operate") for one in people]

    assert [one.status_code for one in answers] == [401, 403, 204]
    assert {one.data for one in answers} == {b""}
    assert all("Location" not in one.headers for one in answers)


@pytest.mark.parametrize(
    ("subdomain", "words"),
    [
        ("acme", "Production acme"),
        ("acme2024", "Production acme2024"),
        ("sandboxvr", "Production sandboxvr"),
        ("acme1597668134", "Sandbox acme1597668134"),
        ("acme-sandbox2", "Sandbox acme-sandbox2"),
        ("", "Not connected"),
        ("not a subdomain", "Not connected"),
    ],
)
def test_every_page_says_which_account_is_in_use(app, agent, subdomain, words):
    app.config |= {"ZENDESK_BASE_URL": "", "ZENDESK_SUBDOMAIN": subdomain}

    for path in ("/", "/jobs", "/nowhere"):
        assert f"Zendesk account: {words}" in told(agent.get(path))


def test_a_test_server_is_a_sandbox_whatever_it_is_called(app, agent):
    app.config["ZENDESK_SUBDOMAIN"] = "acme"

    assert "Zendesk account: Sandbox acme" in told(agent.get("/"))


def test_whoever_is_not_signed_in_does_not_learn_the_name(app, visitor):
    app.config |= {"ZENDESK_BASE_URL": "", "ZENDESK_SUBDOMAIN": "acme"}

    text = told(visitor.get("/login"))

    assert "Zendesk account: Production" in text
    assert "acme" not in text


def test_another_account_is_told_at_once(app, admin):
    app.config |= {"ZENDESK_BASE_URL": "", "ZENDESK_SUBDOMAIN": "acme"}
    assert "Zendesk account: Production acme" in told(admin.get("/"))

    wanted = {"subdomain": "acme-sandbox", "client_id": "x", "client_secret": "x"}
    admin.submit("/admin/connection", method="client_credentials", **wanted)

    assert "Zendesk account: Sandbox acme-sandbox" in told(admin.get("/"))


def test_it_costs_a_page_nothing_more_than_once_a_second(agent, statements, monkeypatch):
    monkeypatch.setattr(memo, "SECONDS", 60.0)
    agent.get("/account")

    asked = statements(lambda: agent.get("/account"))

    assert asked
    assert not [one for one in asked if "zendesk_settings" in one or "writing_stops" in one]


def test_the_page_that_says_what_went_wrong_needs_no_account(in_app, agent, monkeypatch):
    monkeypatch.setattr(memo, "SECONDS", 0.0)
    with db.engine.begin() as database:
        database.exec_driver_sql("ALTER TABLE zendesk_settings RENAME TO hidden")
    try:
        answer = agent.get("/nowhere")
    finally:
        with db.engine.begin() as database:
            database.exec_driver_sql("ALTER TABLE hidden RENAME TO zendesk_settings")

    assert (answer.status_code, "Zendesk account" in answer.text) == (404, False)


def test_the_settings_in_the_database_win(in_app):
    db.session.add(ZendeskSettings(subdomain="other"))
    db.session.commit()

    assert badge.current().subdomain == "other"
