"""The tag endpoints of one ticket."""

import pytest


@pytest.mark.parametrize(
    ("method", "status", "left"),
    [("POST", 201, ["b", "c"]), ("PUT", 200, ["a", "b", "c"]), ("DELETE", 200, ["a"])],
)
def test_post_sets_put_adds_and_delete_removes(call, sandbox, method, status, left):
    ticket = sandbox.add_ticket(tags=["a", "b"])

    answer = call(method, f"/api/v2/tickets/{ticket}/tags.json", {"tags": ["b", "c"]})

    assert (answer.status_code, answer.json) == (status, {"tags": left})


def test_they_refuse_a_closed_ticket(call, sandbox):
    ticket = sandbox.add_ticket(status="closed")

    answer = call.put(f"/tickets/{ticket}/tags", {"tags": ["vip"]})

    assert answer.status_code == 422
    assert sandbox.tags_of(ticket) == set()


def test_the_safe_form_meets_a_conflict(call, sandbox):
    ticket = sandbox.add_ticket()
    body = {"tags": ["vip"], "updated_stamp": "2019-09-12T21:45:16Z", "safe_update": "true"}

    answer = call.put(f"/tickets/{ticket}/tags", body)

    assert answer.status_code == 409
