"""Faults that are switched on, by route and from a seed."""

from threading import Thread

import pytest
import requests

from app.zendesk.sandbox import Cut
from tests.fixtures.zendesk import WsgiAdapter


@pytest.fixture
def sandbox(make_sandbox):
    """All in one minute, so that what is left of it is certain."""
    return make_sandbox(speed=0.001)


def fault(call, kind, **more):
    call.sandbox.change_settings(faults=[{"kind": kind, "route": "PUT *", **more}])


def tag(call, name="struck"):
    return call.put("/tickets/1/tags", {"tags": [name]})


@pytest.mark.parametrize(
    ("kind", "status", "kind_of_body", "retry_after", "remaining"),
    [
        ("rate_limited", 429, "application/json", "10", "0"),
        ("rate_limited_silent", 429, "application/json", None, "0"),
        ("rate_limited_conditional", 429, "application/json", "10", "999999"),
        ("rate_limited_plain", 429, "text/plain", "10", "0"),
        ("html_500", 500, "text/html", None, "1000000"),
        ("unavailable", 503, "text/plain", None, "1000000"),
        ("unknown_404", 404, "application/json", None, "999999"),
    ],
)
def test_a_refusal_that_nothing_called_for(
    call, kind, status, kind_of_body, retry_after, remaining
):
    fault(call, kind)

    answer = tag(call)

    assert (answer.status_code, answer.mimetype) == (status, kind_of_body)
    assert answer.headers.get("Retry-After") == retry_after
    for name in ("x-rate-limit-remaining", "ratelimit-remaining"):
        assert answer.headers[name] == remaining
    assert "struck" not in call.sandbox.tags_of(1)


@pytest.mark.parametrize("kind", ["rate_limited", "unavailable"])
def test_the_wait_can_be_chosen(call, kind):
    fault(call, kind, retry_after=3)

    assert tag(call).headers["Retry-After"] == "3"


@pytest.mark.parametrize(("kind", "done"), [("cut_before", False), ("cut_after", True)])
def test_a_connection_breaks_before_or_after_the_work(call, kind, done):
    fault(call, kind)

    with pytest.raises(Cut):
        tag(call)

    assert ("struck" in call.sandbox.tags_of(1)) is done


def test_a_cut_is_a_broken_connection_to_a_client_in_the_same_process(call):
    fault(call, "cut_before", route="*")
    session = requests.Session()
    session.mount("http://", WsgiAdapter(call.sandbox))

    with pytest.raises(requests.ConnectionError):
        session.get("http://sandbox.test/api/v2/users/me")


def test_an_answer_of_garbage_hides_that_the_work_was_done(call):
    fault(call, "garbage")

    answer = tag(call)

    assert answer.status_code == 200
    assert answer.data.endswith(b"\xff")
    assert "struck" in call.sandbox.tags_of(1)


def test_an_empty_answer_hides_that_the_work_was_done(call):
    fault(call, "empty")

    answer = tag(call)

    assert (answer.status_code, answer.data) == (200, b"")
    assert "struck" in call.sandbox.tags_of(1)


def test_a_slow_answer_keeps_nobody_else_waiting(call, monkeypatch):
    answers = []

    def sleep(seconds):
        # Another thread, because the sandbox's lock lets its own holder in again.
        ask = Thread(target=lambda: answers.append((seconds, call.get("/users/me").status_code)))
        ask.start()
        ask.join(timeout=5)

    monkeypatch.setattr("app.zendesk.sandbox.sandbox.time.sleep", sleep)
    fault(call, "slow", seconds=7)

    assert tag(call).status_code == 200
    assert answers == [(7, 200)]


def test_a_revoked_token_stays_revoked(call):
    token = f"Bearer {call.access_token()}"
    fault(call, "revoked_token", route="GET /tickets/{id}", times=1)

    answers = [call.get(path, auth=token) for path in ("/tickets", "/tickets/1", "/tickets")]

    assert [answer.status_code for answer in answers] == [200, 401, 401]
    assert answers[1].json["error"] == "invalid_token"


def test_an_api_token_is_not_revoked(call):
    fault(call, "revoked_token", route="*")

    assert call.get("/tickets").status_code == 200


@pytest.mark.parametrize("route", ["*", "GET /tickets/{id}", "GET /tickets/1", "GET /tick*", "*1"])
def test_a_route_is_a_glob_over_its_pattern_and_its_path(call, route):
    fault(call, "unavailable", route=route)

    assert call.get("/tickets/1.json").status_code == 503


def test_other_routes_are_spared(call):
    fault(call, "unavailable", route="GET /tickets/{id}")

    assert call.get("/tickets").status_code == 200


def test_a_fault_begins_late_and_ends(call):
    fault(call, "unavailable", route="GET *", after=1, times=2)

    answers = [call.get("/users/me").status_code for _ in range(5)]

    assert answers == [200, 503, 503, 200, 200]
    assert call.sandbox.summary()["faults"] == {"unavailable": 2}


def test_the_same_seed_makes_the_same_faults(make_sandbox, caller_of):
    rules = [{"kind": "unavailable", "probability": 0.3}]

    def answers(seed):
        call = caller_of(make_sandbox(faults=rules, fault_seed=seed))
        return [call.get("/users/me").status_code for _ in range(100)]

    assert answers(1) == answers(1) != answers(2)
    assert 15 < answers(1).count(503) < 45


def test_other_settings_do_not_begin_the_counts_anew(call):
    fault(call, "unavailable", route="GET *", times=1)
    call.get("/users/me")

    call.sandbox.change_settings(offset_depth=500)

    assert call.get("/users/me").status_code == 200


def test_the_sandbox_itself_can_always_be_asked(call):
    fault(call, "unavailable", route="*")

    assert call("GET", "/_sandbox/summary").status_code == 200


@pytest.mark.parametrize(
    "rule",
    [
        "unavailable",
        {},
        {"kind": "flood"},
        {"kind": "slow"},
        {"kind": "empty", "colour": 1},
        {"kind": "empty", "times": "3"},
        {"kind": "empty", "after": None},
        {"kind": "empty", "route": 5},
    ],
)
def test_what_is_no_fault_is_refused(call, rule):
    answer = call("POST", "/_sandbox/settings", {"faults": [rule]})

    assert answer.status_code == 422
    assert answer.json["description"]
