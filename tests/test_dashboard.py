"""The first page: what runs, what waits, what was done, and how things stand."""

import re

import pytest
from redis import Redis

from app.extensions import redis
from app.models import Role
from app.services import accounts, budget, presence
from app.zendesk.endpoints import Endpoint
from app.zendesk.rate_limit import Kind
from app.zendesk.turnstile import Turn
from tests.fixtures.visitor import Page
from tests.fixtures.zendesk import BASE_URL
from tests.jobs.shape import many, put

HEADERS = {"x-rate-limit": "700", "x-rate-limit-remaining": "599", "ratelimit-reset": "30"}


def sections(visitor, address="/"):
    """The words of each part of the page, by its heading's id."""
    text = visitor.get(address).text
    parts = re.findall(r'<section[^>]*aria-labelledby="([\w-]+)-title">(.*?)</section>', text, re.S)
    return {name: Page(part).text for name, part in parts}


def test_jobs_stand_under_what_they_wait_for(agent, make_job):
    for status in ("planning", "planned", "paused", "failed"):
        put(make_job([1], title=f"It is {status}"), status=status)

    shown = sections(agent)

    assert "It is planning" in shown["running"]
    assert "It is planned" in shown["waiting"]
    assert "It is paused" in shown["waiting"]
    assert "It is failed" in shown["recent"]
    assert sum(part.count("It is ") for part in shown.values()) == 4
    assert "Waiting for you 2" in shown["waiting"]


def test_only_the_newest_are_shown_and_the_others_counted(agent, make_job):
    many(accounts.by_email("agent@giga.test"), 12, status="planned")

    shown = sections(agent)

    assert re.findall(r"Job \d\d", shown["waiting"]) == [
        "Job 11",
        "Job 10",
        "Job 09",
        "Job 08",
    ]
    assert "8 more in the list of jobs" in shown["waiting"]
    assert "All 12 jobs" in shown["recent"]


def test_people_see_their_own_jobs_and_admins_whose_they_are(sign_in, make_job):
    put(make_job([1], title="Secret"), status="running")
    curious, admin = sign_in("curious@giga.test"), sign_in("admin@giga.test", Role.ADMIN)

    assert "Secret" not in curious.get("/").text
    assert "Secret" not in curious.get("/now").text
    assert "by agent@giga.test" in sections(admin)["running"]


def test_tells_the_budget_and_who_is_alive(app, agent):
    app.config["ZENDESK_WINDOW_SECONDS"] = 60.0
    with app.app_context():
        turn = Turn(budget.of(BASE_URL), budget.PAGES, Kind.PAGE)
        turn.answered(turn.enter(Endpoint("search-export", 100)), HEADERS, None)
        presence.worker_is_here()

    shown = sections(agent)

    assert "1 by Giga Tools and 100 by others, of 700. Jobs may send 389 more" in shown["budget"]
    assert "Worker is running." in shown["health"]
    assert "Scheduler has not been heard of" in shown["health"]


@pytest.mark.parametrize("address", ["/", "/now"])
def test_zendesk_is_not_asked(app, agent, sandbox, transport, monkeypatch, make_job, address):
    put(make_job([1]), status="running")

    def refuse(*_arguments, **_options):
        raise AssertionError("Zendesk was asked")

    monkeypatch.setattr(transport, "send", refuse)

    assert agent.get(address).status_code == 200


def test_without_redis_it_says_so_and_shows_the_jobs(agent, make_job, monkeypatch):
    make_job([1], title="Still here")
    monkeypatch.setattr(redis, "client", Redis.from_url("redis://127.0.0.1:1", retry=None))

    text = agent.get("/").text

    assert "Redis cannot be reached, so no job can start" in text
    assert "Redis, which keeps the budget, cannot be reached" in text
    assert "Still here" in text


def test_without_a_connection_it_says_what_is_missing(app, agent):
    app.config["ZENDESK_SUBDOMAIN"] = ""

    assert "not connected to a Zendesk account yet" in sections(agent)["budget"]


def test_hostile_titles_are_shown_as_text(agent, make_job):
    for status in ("running", "planned", "completed"):
        put(make_job([1], title="<script>alert(1)</script>"), status=status)

    assert "<script>alert" not in agent.get("/").text


@pytest.fixture
def unconnected(app, monkeypatch):
    """As after the installation: nobody has said which Zendesk it is, nor how to sign in to it."""
    for name in ("ZENDESK_SUBDOMAIN", "ZENDESK_OAUTH_CLIENT_ID", "ZENDESK_OAUTH_CLIENT_SECRET"):
        monkeypatch.setitem(app.config, name, "")


def test_where_no_zendesk_is_connected_an_admin_is_led_to_it(unconnected, admin, agent):
    assert 'href="/admin/connection">Set up the connection<' in admin.get("/").text
    assert (
        '<a class="account-badge account-none" href="/admin/connection">' in admin.get("/jobs").text
    )
    told = agent.get("/").text
    assert "Ask one of your admins to connect it." in told
    assert "/admin/connection" not in told


def test_who_has_saved_a_client_but_not_connected_is_led_to_that_too(app, admin):
    to = "Set up the connection"
    assert to not in admin.get("/").text

    client = {"client_id": "a-client", "client_secret": "a-secret"}
    admin.submit("/admin/connection", subdomain="acme", method="authorization_code", **client)

    assert to in admin.get("/").text
