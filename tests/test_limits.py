"""The page that shows Zendesk's limits."""

import html

import pytest
from redis import Redis

from app.extensions import redis
from app.models import Role
from app.services import budget
from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import RateLimited
from app.zendesk.rate_limit import Kind
from app.zendesk.turnstile import Turn
from tests.fixtures.visitor import Page
from tests.fixtures.zendesk import BASE_URL

HEADERS = {
    "x-rate-limit": "700",
    "x-rate-limit-remaining": "599",  # one is ours, a hundred are others'
    "ratelimit-reset": "30",
}


@pytest.fixture
def account(app):
    """An account with a limit of 700, of which others used a hundred."""
    app.config["ZENDESK_WINDOW_SECONDS"] = 60.0
    with app.app_context():
        turn = Turn(budget.of(BASE_URL), budget.PAGES, Kind.PAGE)
        turn.answered(turn.enter(Endpoint("search-export", 100)), HEADERS, None)
        yield turn


def told(visitor, path="/limits/now"):
    return html.unescape(Page(visitor.get(path).text).text)


def test_tells_who_used_how_much_and_what_is_kept(account, agent):
    text = told(agent)

    for words in (
        "Giga Tools, last minute 1",
        "Others 100",
        "Free for jobs 389",
        "Kept for people 210",
        "The account's limit 700",
        "search-export",
    ):
        assert words in text


def test_before_the_first_answer_it_says_that_nothing_is_known(agent):
    assert "Nothing has been asked of Zendesk yet" in told(agent, "/limits")


def test_says_what_to_expect_when_zendesk_asked_us_to_wait(account, agent):
    used_up = HEADERS | {"x-rate-limit-remaining": "0"}
    permit = account.enter(Endpoint("GET views"))

    account.answered(permit, used_up, RateLimited(429, "enough", retry_after=40))

    assert "Zendesk has asked us to wait for 40 s" in told(agent)


def test_names_the_jobs_that_wait_and_those_in_flight(account, agent, make_job):
    job = make_job(title="Add vip to some tickets")
    books = budget.of(BASE_URL)
    for n in range(12):
        books.take_slot(job.job_id, str(n), 10, 1.5)
    books.ask(job.job_id, Kind.JOB, Endpoint("tiny", 1))
    books.ask(job.job_id, Kind.JOB, Endpoint("tiny", 1))

    text = told(agent)

    assert "10 of the 10 that Giga Tools may have at a time" in text
    assert text.count("Add vip to some tickets") == 2
    assert "Zendesk's limit for this kind of call is used up." in text


def test_somebody_elses_job_has_no_name_but_for_an_admin(account, sign_in, make_job):
    job = make_job(title="Add secret-project to some tickets", email="other@giga.test")
    budget.of(BASE_URL).take_slot(job.job_id, "1", 10, 1.5)

    agent, admin = sign_in("curious@giga.test"), sign_in("admin@giga.test", Role.ADMIN)

    assert "Somebody else's job" in told(agent)
    assert "secret-project" not in told(agent)
    assert "secret-project" in told(admin)


def test_the_chart_has_a_rate_for_each_moment(account, agent):
    chart = agent.get("/limits/chart").json

    assert (chart["limit"], chart["for_jobs"]) == (700, 490)
    assert len(chart["at"]) == len(chart["ours"]) == len(chart["others"])
    assert (chart["ours"][-1], chart["others"][-1]) == (1, 100)  # of the minute before


def test_without_redis_the_page_says_so(account, agent, monkeypatch):
    monkeypatch.setattr(redis, "client", Redis.from_url("redis://127.0.0.1:1", retry=None))

    assert "Redis, which keeps the budget, cannot be reached" in told(agent, "/limits")
    assert agent.get("/limits/chart").json == {"at": []}


def test_without_a_connection_the_page_says_what_is_missing(app, agent):
    app.config["ZENDESK_SUBDOMAIN"] = ""

    assert "not connected to a Zendesk account yet" in told(agent, "/limits")
