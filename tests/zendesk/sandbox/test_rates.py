"""The account's minute and the limits of single endpoints."""

import pytest
from werkzeug.test import EnvironBuilder

from app.zendesk.sandbox.asking import Request
from app.zendesk.sandbox.limits import JOB_CALLS, LIMITS, starred
from app.zendesk.sandbox.parameters import PARAMETERS
from app.zendesk.sandbox.people import ADMIN
from app.zendesk.sandbox.rates import MINUTE
from app.zendesk.sandbox.routes import ALL


def test_each_answer_tells_what_is_left_of_the_minute(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, requests_per_minute=10))

    headers = [call.get(path).headers for path in ("/users/me", "/nowhere")]

    assert [header["x-rate-limit-remaining"] for header in headers] == ["9", "8"]
    assert headers[0]["ratelimit-limit"] == "10"
    assert headers[0]["X-Request-Id"] != headers[1]["X-Request-Id"]


def test_beyond_the_limit_comes_plain_text_and_retry_after(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, requests_per_minute=1))
    call.get("/users/me")

    answer = call.get("/users/me")

    assert answer.status_code == 429
    assert answer.text == "Number of allowed API requests per minute exceeded"
    assert answer.headers["Retry-After"] == answer.headers["ratelimit-reset"]


def test_the_next_minute_begins_anew(make_sandbox, caller_of):
    sandbox = make_sandbox(speed=0.001, requests_per_minute=1)
    call = caller_of(sandbox)
    answers = [call.get("/users/me").status_code for _ in range(2)]

    later = sandbox.clock.now() + MINUTE
    sandbox.clock.now = lambda: later
    answers.append(call.get("/users/me").status_code)

    assert answers == [200, 429, 200]


def test_the_plan_decides_the_limit(make_sandbox, caller_of):
    call = caller_of(make_sandbox(plan="team", requests_per_minute=None))

    assert call.get("/users/me").headers["x-rate-limit"] == "200"


def test_one_view_is_counted_five_times_a_minute(make_sandbox, caller_of):
    sandbox = make_sandbox(speed=0.001)
    call, view = caller_of(sandbox), sandbox.desk.views.all()[0].id

    answers = [call.get(f"/views/{view}/count").status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_single_updates_have_a_limit_that_update_many_has_not(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, tickets_update_per_minute=1))
    first, second = (call.put(f"/tickets/{ticket}", {"ticket": {}}) for ticket in (1, 2))

    many = call.tag_many([1], "vip")

    assert first.headers["zendesk-ratelimit-tickets-update"].startswith("total=1; remaining=0;")
    assert (second.status_code, many.status_code) == (429, 200)


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ({}, 100),
        ({"trial": True}, 20),
        ({"plan": "high_volume"}, 300),
        ({"plan": "high_volume", "trial": True}, 100),
    ],
)
def test_the_kind_of_account_decides_the_limit_of_single_updates(
    make_sandbox, caller_of, kind, most
):
    call = caller_of(make_sandbox(**kind))

    answer = call.put("/tickets/1", {"ticket": {}})

    told = answer.headers["zendesk-ratelimit-tickets-update"]
    assert told.startswith(f"total={most}; remaining={most - 1}; resets=")


def test_one_user_updates_one_ticket_only_so_often(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, per_ticket_updates=1, tickets_update_per_minute=2))
    body = {"tags": ["vip"]}

    ticket = f"/tickets/{call.sandbox.add_ticket()}"

    first, again = (call.put(f"{ticket}/tags", body) for _ in range(2))
    other = call.put(ticket, {"ticket": {}}, user="agent@sandbox.test")

    assert [answer.status_code for answer in (first, again, other)] == [200, 429, 200]
    told = again.headers["zendesk-ratelimit-per-ticket-updates"]
    assert told.startswith("total=1; remaining=0")


def test_a_refused_update_uses_up_no_other_limit(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, per_ticket_updates=1))

    answers = [call.put("/tickets/1", {"ticket": {}}) for _ in range(3)]

    left = {answer.headers["zendesk-ratelimit-tickets-update"].split("; ")[1] for answer in answers}
    assert left == {"remaining=99"}


def test_an_error_of_the_endpoint_still_tells_what_is_left(call):
    answer = call.put("/tickets/1", {"ticket": {"status": "asleep"}})

    assert answer.status_code == 422
    assert "zendesk-ratelimit-tickets-update" in answer.headers


def test_listing_tickets_has_a_limit_on_a_trial_account_only(make_sandbox, caller_of):
    usual, trial = (caller_of(make_sandbox(trial=trial)).get("/tickets") for trial in (False, True))

    assert "zendesk-ratelimit-tickets-index" not in usual.headers
    assert trial.headers["zendesk-ratelimit-tickets-index"].startswith("total=100; remaining=99")


def test_pages_beyond_the_five_hundredth_have_a_limit_of_their_own(make_sandbox, caller_of):
    settings = {"tickets": 600, "deep_pages_per_minute": 1, "offset_pages": 1_000}
    call = caller_of(make_sandbox(speed=0.001, **settings))

    answers = [call.get("/tickets", page=page, per_page=1) for page in (500, 501, 502)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "zendesk-ratelimit-tickets-index-deep-pagination" in answers[1].headers


def test_a_call_that_queues_a_job_tells_how_many_more_there_may_be(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, max_jobs=1))

    answers = [call.tag_many([1], "vip") for _ in range(2)]

    told = [answer.headers["zendesk-ratelimit-inflight-jobs"] for answer in answers]
    assert told == ["total=1; remaining=0; resets=60"] * 2
    assert "zendesk-ratelimit-tickets-update" not in answers[0].headers


def test_headers_can_be_spelled_as_in_2023(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, old_header_names=True, requests_per_minute=10))

    headers = call.put("/tickets/1", {"ticket": {}}).headers

    assert (headers["rate-limit"], headers["rate-limit-remaining"]) == ("10", "9")
    assert "zendesk-rate-limit-tickets-update" in headers
    assert not any("ratelimit" in name for name, _ in headers)


def test_somebody_else_uses_up_the_same_minute(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, requests_per_minute=10))

    used = call("POST", "/_sandbox/use", {"requests": 12}).json

    assert used == {"accepted": 10, "refused": 2}
    assert call.get("/users/me").status_code == 429


@pytest.mark.parametrize("requests", [-1, "3", True, None])
def test_what_is_no_number_of_requests_is_refused(call, requests):
    assert call("POST", "/_sandbox/use", {"requests": requests}).status_code == 422


def test_others_use_up_the_minute_as_it_goes_by(sandbox):
    sandbox.change_settings(speed=0.001, requests_per_minute=1000, others_per_minute=600)

    half = sandbox.clock.now() // MINUTE * MINUTE + MINUTE // 2
    sandbox.clock.now = lambda: half
    left = int(sandbox.rates.headers()["x-rate-limit-remaining"])

    assert left == 700


def test_the_summary_tells_whom_it_refused(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001, requests_per_minute=2))
    for agent in ("ours", "theirs", "theirs"):
        call.client.get("/api/v2/users/me", headers={"User-Agent": agent})

    summary = call.sandbox.summary()

    assert summary["requests_by_agent"] == {"ours": 1, "theirs": 2}
    assert summary["answered_429_by_agent"] == {"theirs": 1}
    assert summary["most_in_a_minute"] == {"arrived": 3, "accepted": 2}


def test_the_tables_name_no_route_that_there_is_not():
    routes = {starred(method, path) for module in ALL for method, path, _ in module.entries}

    assert LIMITS.keys() | JOB_CALLS | PARAMETERS.keys() <= routes


# What other routes count against, whichever module they are in.
@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("GET /search", "search-index"),
        ("GET /search/export", "search-export"),
        ("GET /tags", "tags-index"),
        ("GET /incremental/tickets/cursor", "incremental-exports"),
        ("GET /tickets/{id}/audits", "ticket-audits"),
        ("POST /views/preview", "views-preview"),
    ],
)
def test_a_route_finds_its_limit_by_its_path(sandbox, route, name):
    method, path = route.split()
    request = Request(EnvironBuilder(method=method).get_environ())
    request.person = ADMIN

    headers = sandbox.rates.take_endpoint(starred(method, f"/api/v2{path}"), request, 1)

    assert f"zendesk-ratelimit-{name}" in headers
