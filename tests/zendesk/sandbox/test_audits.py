"""What audits and comments tell of a ticket's history."""

import pytest

from app.zendesk.sandbox.fields import PRODUCT_FIELD


@pytest.fixture
def audits(call):
    def read(ticket, **query):
        return call.get(f"/tickets/{ticket}/audits", **query).json["audits"]

    return read


def events(audit, kind="Change"):
    return {
        event["field_name"]: (event.get("previous_value"), event["value"])
        for event in audit["events"]
        if event["type"] == kind
    }


def test_a_change_keeps_both_values_and_what_the_caller_noted(call, sandbox, audits):
    ticket = sandbox.add_ticket(
        status="open", tags=["vip"], custom_fields=[{"id": PRODUCT_FIELD, "value": None}]
    )
    change = {
        "status": "pending",
        "group_id": 501,
        "additional_tags": ["new"],
        "custom_fields": [{"id": PRODUCT_FIELD, "value": "lamp_l1"}],
        "metadata": {"console_job": "a1"},
    }

    call.put(f"/tickets/{ticket}", {"ticket": change})

    audit = audits(ticket)[-1]
    assert events(audit) == {
        "status": ("open", "pending"),
        "custom_status_id": (7002, 7003),
        "group_id": (None, "501"),
        "tags": (["vip"], ["lamp_l1", "new", "vip"]),
        str(PRODUCT_FIELD): (None, "lamp_l1"),
    }
    assert audit["metadata"]["custom"] == {"console_job": "a1"}
    assert (audit["via"]["channel"], audit["author_id"]) == ("api", 9001)


def test_the_answer_to_an_update_has_the_same_audit(call, sandbox, audits):
    ticket = sandbox.add_ticket(tags=["vip"])
    change = {"remove_tags": ["vip"], "priority": "high", "comment": {"body": "Hi"}}

    answered = call.put(f"/tickets/{ticket}", {"ticket": change}).json["audit"]

    assert answered == audits(ticket)[-1]


def test_what_a_zendesk_job_noted_is_in_the_audits(call, sandbox, audits):
    ticket = sandbox.add_ticket()
    item = {"id": ticket, "comment": {"body": "Hi", "public": False}, "metadata": {"batch": "b7"}}
    call.job_of(call.put("/tickets/update_many", {"tickets": [item]}))

    audit = audits(ticket)[-1]

    assert audit["metadata"]["custom"] == {"batch": "b7"}
    comment = next(event for event in audit["events"] if event["type"] == "Comment")
    assert (comment["body"], comment["public"]) == ("Hi", False)


def test_a_macro_that_was_named_is_referred_to(call, sandbox, audits):
    ticket = sandbox.add_ticket(status="open")

    call.put(f"/tickets/{ticket}", {"ticket": {"status": "solved", "macro_ids": [360_501]}})

    reference = audits(ticket)[-1]["events"][-1]
    assert reference["type"] == "AgentMacroReference"
    assert (reference["macro_id"], reference["macro_title"]) == ("360501", "Close and thank")


def test_an_update_that_changed_nothing_has_no_audit(call, sandbox, audits):
    ticket = sandbox.add_ticket(tags=["vip"])
    before = audits(ticket)

    call.put(f"/tickets/{ticket}", {"ticket": {"additional_tags": ["vip"]}})

    assert audits(ticket) == before


def test_the_first_audit_tells_how_the_ticket_was_made(sandbox, audits):
    ticket = sandbox.add_ticket(status="open", tags=["vip"], description="It is broken")
    sandbox.set_ticket(ticket, status="pending", remove_tags=["vip"])

    first = audits(ticket)[0]

    made = events(first, "Create")
    assert (made["status"], made["tags"]) == ((None, "open"), (None, ["vip"]))
    assert first["events"][0]["body"] == "It is broken"


def test_edits_by_somebody_else_are_there_too(sandbox, audits):
    ticket = sandbox.add_ticket(priority="low")

    sandbox.set_ticket(ticket, priority="urgent")

    audit = audits(ticket)[-1]
    assert (audit["via"]["channel"], events(audit)["priority"]) == ("web", ("low", "urgent"))


def test_generated_tickets_have_a_history_that_ends_where_they_are(call, audits):
    for number in range(1, 40):
        ticket = call.get(f"/tickets/{number}").json["ticket"]
        values = {}
        for audit in audits(number):
            values |= {name: new for name, (_, new) in events(audit, "Create").items()}
            values |= {name: new for name, (_, new) in events(audit).items()}
        assert values["status"] == ticket["status"]
        assert values.get("tags", []) == ticket["tags"]
        assert values["custom_status_id"] == ticket["custom_status_id"]


def test_audits_are_paged_both_ways(call, sandbox):
    ticket = sandbox.add_ticket()
    for subject in ("a", "b", "c"):
        call.put(f"/tickets/{ticket}", {"ticket": {"subject": subject}})
    path = f"/tickets/{ticket}/audits"

    by_offset = call.get(path, page=2, per_page=3).json
    first = call.get(path, **{"page[size]": 3}).json
    cursor = first["meta"]["after_cursor"]
    second = call.get(path, **{"page[size]": 3, "page[after]": cursor}).json

    assert by_offset["count"] == 4
    assert by_offset["audits"] == second["audits"]
    assert (first["meta"]["has_more"], second["meta"]["has_more"]) == (True, False)


def test_one_audit_can_be_shown(call, audits):
    audit = audits(5)[0]

    assert call.get(f"/tickets/5/audits/{audit['id']}").json["audit"] == audit
    assert call.get("/tickets/5/audits/1").status_code == 404


def test_all_audits_come_newest_first_and_each_once(make_sandbox, caller_of):
    sandbox = make_sandbox(tickets=30)
    call = caller_of(sandbox)
    for number in (3, 9, 3):
        sandbox.set_ticket(number, additional_tags=[f"t{len(sandbox.truth())}"])
    expected = sum(len(call.get(f"/tickets/{n}/audits").json["audits"]) for n in range(1, 31))

    seen, query, more = [], {"limit": 7}, True
    while more:
        page = call.get("/ticket_audits", **query).json
        seen += page["audits"]
        query["cursor"], more = page["after_cursor"], page["meta"]["has_more"]

    ids = [audit["id"] for audit in seen]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == len(set(ids)) == expected
    assert [audit["ticket_id"] for audit in seen[:3]] == [3, 9, 3]


def test_comments_begin_with_the_description(call, sandbox):
    ticket = sandbox.add_ticket(description="Help!", requester_id=100_001)
    call.put(f"/tickets/{ticket}", {"ticket": {"comment": {"body": "On it", "public": False}}})

    comments = call.get(f"/tickets/{ticket}/comments").json["comments"]

    assert [(c["body"], c["public"], c["author_id"]) for c in comments] == [
        ("Help!", True, 100_001),
        ("On it", False, 9001),
    ]


def test_comments_come_newest_first_when_asked_and_with_their_authors(call, sandbox):
    ticket = sandbox.add_ticket(description="Help!", requester_id=100_001)
    call.put(f"/tickets/{ticket}", {"ticket": {"comment": {"html_body": "<p>On <b>it</b></p>"}}})

    answer = call.get(f"/tickets/{ticket}/comments", sort_order="desc", include="users").json

    assert [comment["plain_body"] for comment in answer["comments"]] == ["On it", "Help!"]
    assert [user["id"] for user in answer["users"]] == [9001, 100_001]


def test_audits_of_an_unknown_ticket_are_not_found(call):
    assert call.get("/tickets/999999/audits").status_code == 404
    assert call.get("/tickets/999999/comments").status_code == 404
