"""The truth log tells deliveries from what they changed."""


def test_a_second_delivery_is_logged_and_changes_nothing(call, sandbox):
    ticket = sandbox.add_ticket()
    for _ in range(2):
        call.put(f"/tickets/{ticket}", {"ticket": {"additional_tags": ["vip"]}})

    entries = sandbox.truth(ticket)

    assert [entry["effective"] for entry in entries] == [True, False]
    assert entries[0]["added_tags"] == ["vip"]


def test_a_refused_delivery_is_logged_with_its_error(call, sandbox):
    ticket = sandbox.add_ticket(status="closed")
    call.put(f"/tickets/{ticket}", {"ticket": {"priority": "high"}})

    entry = sandbox.truth(ticket)[0]

    assert not entry["effective"]
    assert "closed" in entry["error"]


def test_an_edit_by_somebody_else_is_no_delivery(sandbox):
    sandbox.set_ticket(1, priority="urgent", additional_tags=["by-hand"])

    entry = sandbox.truth(1)[0]

    assert (entry["via"], entry["added_tags"]) == ("outside", ["by-hand"])
    assert sandbox.summary()["deliveries"] == 0


def test_a_comment_is_an_effective_event(call, sandbox):
    ticket = sandbox.add_ticket()

    call.put(f"/tickets/{ticket}", {"ticket": {"comment": {"body": "Hi", "public": False}}})

    assert sandbox.truth(ticket)[0]["comment"] == {"body": "Hi", "public": False}


def test_the_summary_counts_tickets_by_how_often_a_tag_was_added(call, sandbox):
    once, twice = sandbox.add_ticket(), sandbox.add_ticket()
    call.job_of(call.tag_many([once, twice], "sale"))
    sandbox.set_ticket(twice, remove_tags=["sale"])
    call.job_of(call.tag_many([once, twice], "sale"))

    summary = sandbox.summary("sale")

    assert summary["effective_events"] == {1: 1, 2: 1}
    assert (summary["with_tag"], summary["deliveries"]) == (2, 4)


def test_a_tag_is_not_taken_for_a_longer_one(call, sandbox):
    call.job_of(call.tag_many([1], "resale"))

    assert sandbox.summary("sale")["effective_events"] == {}


def test_requests_are_counted_by_route(call, sandbox):
    call.get("/tickets/1")
    call.get("/tickets/2.json")

    assert sandbox.requests == {"GET /api/v2/tickets/{id}": 2}
