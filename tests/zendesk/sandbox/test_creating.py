"""Making tickets through the API, and deleting them."""

import pytest

NEW = {"ticket": {"subject": "New", "comment": {"body": "It broke"}, "tags": ["vip"]}}


@pytest.fixture
def create(call):
    def post(body, key=None):
        headers = {"Idempotency-Key": key} if key else {}
        return call("POST", "/api/v2/tickets.json", body, headers=headers)

    return post


def test_a_new_ticket_is_answered_with_its_audit(create, call):
    answer = create(NEW)

    ticket = answer.json["ticket"]
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/v2/tickets/{ticket['id']}.json")
    assert (ticket["description"], ticket["status"], ticket["requester_id"]) == (
        "It broke",
        "new",
        9001,
    )
    assert answer.json["audit"]["events"][0]["type"] == "Comment"
    assert call.get(f"/tickets/{ticket['id']}").json["ticket"] == ticket


def test_what_the_caller_notes_is_in_the_first_audit(create, call):
    body = {"ticket": {**NEW["ticket"], "metadata": {"import": "7"}}}

    ticket = create(body).json["ticket"]["id"]

    audits = call.get(f"/tickets/{ticket}/audits").json["audits"]
    assert [audit["metadata"]["custom"] for audit in audits] == [{"import": "7"}]


def test_the_same_key_makes_no_second_ticket(create, call):
    first, again = create(NEW, key="k-1"), create(NEW, key="k-1")

    assert first.json["ticket"]["id"] == again.json["ticket"]["id"]
    lookups = [answer.headers["x-idempotency-lookup"] for answer in (first, again)]
    assert lookups == ["miss", "hit"]
    assert call.get("/tickets/count").json["count"]["value"] == 301


def test_the_same_key_with_another_request_is_refused(create):
    create(NEW, key="k-1")

    answer = create({"ticket": {**NEW["ticket"], "subject": "Other"}}, key="k-1")

    assert answer.status_code == 400
    assert answer.json == {
        "error": "IdempotentRequestError",
        "description": "Request parameters don't match the given idempotency key",
    }


def test_a_key_is_forgotten_after_two_hours(create, sandbox):
    first = create(NEW, key="k-1")
    sandbox.change_settings(idempotency_lifetime=-1)

    again = create(NEW, key="k-1")

    assert again.headers["x-idempotency-lookup"] == "miss"
    assert again.json["ticket"]["id"] != first.json["ticket"]["id"]


def test_a_ticket_needs_a_description(create):
    answer = create({"ticket": {"subject": "Empty"}})

    assert answer.status_code == 422
    assert answer.json["details"]["base"][0]["description"] == "Description: cannot be blank"


def test_a_deleted_ticket_is_gone_from_everywhere_but_the_list_of_deleted_ones(call, sandbox):
    ticket = sandbox.add_ticket(subject="Bye", tags=["in-view"])
    view = sandbox.add_view("In view", lambda one: "in-view" in one.tags)

    answer = call("DELETE", f"/api/v2/tickets/{ticket}")

    assert answer.status_code == 204
    assert call.get(f"/tickets/{ticket}").status_code == 404
    assert call.get(f"/views/{view}/tickets").json["tickets"] == []
    assert call.get("/search/count", query="tags:in-view").json["count"] == 0
    assert call.get("/tickets", page=4).json["tickets"] == []
    deleted = call.get("/deleted_tickets").json["deleted_tickets"]
    assert [(one["id"], one["subject"]) for one in deleted] == [(ticket, "Bye")]


def test_a_new_ticket_never_gets_the_number_of_a_deleted_one(call, create, sandbox):
    ticket = sandbox.add_ticket()
    sandbox.delete_ticket(ticket)

    assert create(NEW).json["ticket"]["id"] == ticket + 1


def test_many_are_made_by_a_zendesk_job_and_told_by_their_place(call, sandbox):
    tickets = [
        {"subject": "First", "comment": {"body": "It broke"}, "tags": ["many"]},
        {"subject": "Without words"},
        {"subject": "Third", "description": "It broke too"},
    ]

    answer = call("POST", "/api/v2/tickets/create_many.json", {"tickets": tickets})

    status = call.job_of(answer)
    first, second, third = status["results"]
    assert (answer.status_code, status["status"], status["total"]) == (200, "completed", 3)
    assert (first["index"], third["index"]) == (0, 2)
    assert second == {
        "index": 1,
        "error": "TicketCreateFailed",
        "details": "Description: cannot be blank",
    }
    assert sandbox.ticket(first["id"])["subject"] == "First"
    assert sandbox.tags_of(first["id"]) == {"many"}
    assert sandbox.ticket(third["id"])["description"] == "It broke too"


def test_a_job_that_made_nothing_has_failed(call):
    body = {"tickets": [{"subject": "Without words"}]}

    status = call.job_of(call("POST", "/api/v2/tickets/create_many", body))

    assert (status["status"], status["progress"]) == ("failed", 0)


def test_no_more_than_a_hundred_are_made_at_once(call):
    body = {"tickets": [{"comment": {"body": "x"}}] * 101}

    answer = call("POST", "/api/v2/tickets/create_many", body)

    assert (answer.status_code, answer.json["error"]) == (400, "TooManyValues")


def test_many_are_deleted_by_a_zendesk_job(call):
    answer = call("DELETE", "/api/v2/tickets/destroy_many", ids="3,4,999999")

    results = call.job_of(answer)["results"]
    assert results[0] == {"action": "delete", "status": "Deleted", "success": True, "id": 3}
    assert [one["success"] for one in results] == [True, True, False]
    assert call.get("/tickets/3").status_code == call.get("/tickets/4").status_code == 404
