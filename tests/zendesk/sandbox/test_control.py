"""What tests in other processes ask of the sandbox."""

import pytest


def test_the_summary_needs_no_credentials(call, sandbox):
    summary = call("GET", "/_sandbox/summary", auth="", tag="vip").json

    assert summary["tickets"] == summary["open"] + summary["closed"] == 300
    assert summary["requests"] == 0


def test_somebody_else_edits_a_ticket(call, sandbox):
    call("POST", "/_sandbox/tickets/1", {"tags": ["by-hand"]})

    assert sandbox.tags_of(1) == {"by-hand"}


def test_a_ticket_is_made_to_fail(call, sandbox):
    call("POST", "/_sandbox/fail/1", {"error": "DatabaseConflict"})

    status = call.job_of(call.tag_many([1], "vip"))

    assert status["results"][0]["error"] == "DatabaseConflict"


def test_the_truth_log_is_read_from_a_cursor(call, sandbox):
    for ticket in (1, 2):
        sandbox.set_ticket(ticket, subject="Seen")

    entries = call("GET", "/_sandbox/truth", cursor=1).json["truth"]

    assert [entry["ticket_id"] for entry in entries] == [2]


def test_while_down_every_api_call_answers_503(call):
    call("POST", "/_sandbox/settings", {"down": True})

    down = call.get("/users/me").status_code
    call("POST", "/_sandbox/settings", {"down": False})

    assert (down, call.get("/users/me").status_code) == (503, 200)


@pytest.mark.parametrize("change", [{"tickets": 5}, {"colour": 1}, {"down": "yes"}, {"speed": 0}])
def test_a_setting_that_will_not_do_is_refused(call, change):
    answer = call("POST", "/_sandbox/settings", change)

    assert answer.status_code == 422


def test_nobody_from_another_machine_may_ask(call):
    answer = call.client.get("/_sandbox/summary", environ_base={"REMOTE_ADDR": "192.0.2.7"})

    assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.test", "http://localhost:8900", "null"])
def test_no_page_of_another_site_may_ask(call, origin):
    answer = call("POST", "/_sandbox/tokens/revoke", headers={"Origin": origin})

    assert answer.status_code == 403


def test_a_page_of_its_own_may_ask(call):
    answer = call("POST", "/_sandbox/tokens/revoke", headers={"Origin": "http://localhost"})

    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(call, sandbox, kind):
    answer = call.client.post("/_sandbox/settings", data=b'{"down": true}', content_type=kind)

    assert answer.status_code == 415
    assert not sandbox.settings.down
