"""What an update may do to a ticket, and what comes with it."""

import pytest

from app.zendesk.sandbox.fields import (
    AWAITING_RETURN,
    PRODUCT_FIELD,
    REFUND_FIELD,
    RESOLUTION_FIELD,
    RETURNS_FORM,
    SYMPTOMS_FIELD,
)


@pytest.fixture
def update(call):
    def put(ticket, **change):
        return call.put(f"/tickets/{ticket}", {"ticket": change})

    return put


def test_a_chosen_option_brings_its_tag_and_takes_the_former_one_away(update, sandbox):
    ticket = sandbox.add_ticket(tags=["vip"])
    for option in ("kettle_k2", "lamp_l1"):
        update(ticket, custom_fields=[{"id": str(PRODUCT_FIELD), "value": option}])

    assert sandbox.tags_of(ticket) == {"vip", "lamp_l1"}

    update(ticket, custom_fields=[{"id": PRODUCT_FIELD, "value": None}])
    assert sandbox.tags_of(ticket) == {"vip"}


def test_several_symptoms_are_several_tags(update, sandbox):
    ticket = sandbox.add_ticket()

    update(ticket, custom_fields=[{"id": SYMPTOMS_FIELD, "value": ["noise", "leaking"]}])
    update(ticket, custom_fields=[{"id": SYMPTOMS_FIELD, "value": ["noise"]}])

    assert sandbox.tags_of(ticket) == {"noise"}


def test_a_checkbox_takes_true_as_a_word(update, sandbox):
    ticket = sandbox.add_ticket()

    update(ticket, custom_fields=[{"id": REFUND_FIELD, "value": "true"}])

    assert sandbox.ticket(ticket)["custom_fields"] == [{"id": REFUND_FIELD, "value": True}]


def test_a_custom_status_sets_the_status_that_it_belongs_to(update, sandbox):
    ticket = sandbox.add_ticket(status="open")

    update(ticket, custom_status_id=AWAITING_RETURN)
    own = sandbox.ticket(ticket)
    update(ticket, status="open")
    usual = sandbox.ticket(ticket)

    assert (own["status"], own["custom_status_id"]) == ("pending", AWAITING_RETURN)
    assert (usual["status"], usual["custom_status_id"]) == ("open", 7002)


def test_an_unknown_custom_status_is_refused(update, sandbox):
    assert update(sandbox.add_ticket(), custom_status_id=1).status_code == 422


def test_forms_followers_and_other_fields_are_kept(update, sandbox):
    ticket = sandbox.add_ticket()
    update(
        ticket,
        ticket_form_id=RETURNS_FORM,
        external_id="A-1",
        due_at="2026-12-01T00:00:00Z",
        followers=[{"user_id": "9002", "action": "put"}, {"user_id": 9003}],
    )
    update(ticket, followers=[{"user_id": 9003, "action": "delete"}])

    kept = sandbox.ticket(ticket)
    assert (kept["ticket_form_id"], kept["external_id"]) == (RETURNS_FORM, "A-1")
    assert (kept["due_at"], kept["follower_ids"]) == ("2026-12-01T00:00:00Z", [9002])


def test_nothing_is_required_for_solving_unless_a_setting_says_so(update, sandbox):
    assert update(sandbox.add_ticket(status="open"), status="solved").status_code == 200


def test_all_that_is_missing_for_solving_is_named_at_once_and_nothing_is_written(update, sandbox):
    sandbox.change_settings(assignee_to_solve=True, resolution_to_solve=True)
    ticket = sandbox.add_ticket(status="open")

    answer = update(ticket, status="solved", additional_tags=["x"])

    assert answer.status_code == 422
    assert answer.json["error"] == "RecordInvalid"
    problems = answer.json["details"]["base"]
    assert [(one["ticket_field_type"], one["error"]) for one in problems] == [
        ("FieldAssignee", "BlankValue"),
        ("FieldTagger", "BlankValue"),
    ]
    assert problems[1]["ticket_field_id"] == RESOLUTION_FIELD
    assert problems[0]["description"] == "Assignee: is required when solving a ticket"
    assert sandbox.ticket(ticket)["tags"] == []


def test_what_is_required_may_come_with_the_solving(update, sandbox):
    sandbox.change_settings(assignee_to_solve=True, resolution_to_solve=True)
    ticket = sandbox.add_ticket(status="open")
    resolution = [{"id": RESOLUTION_FIELD, "value": "repaired"}]

    answer = update(ticket, status="solved", assignee_id=9002, custom_fields=resolution)

    assert answer.status_code == 200


def test_a_missing_field_fails_one_item_of_a_zendesk_job(call, sandbox):
    sandbox.change_settings(assignee_to_solve=True)
    lacking, fine = sandbox.add_ticket(), sandbox.add_ticket(assignee_id=9002)

    ids = f"{lacking},{fine}"
    job = call.job_of(call.put("/tickets/update_many", {"ticket": {"status": "solved"}}, ids=ids))

    assert [item["success"] for item in job["results"]] == [False, True]
    assert "Assignee: is required" in job["results"][0]["details"]


@pytest.fixture
def archive(make_sandbox, caller_of):
    """A help desk with tickets closed long ago, one of them the oldest."""
    sandbox = make_sandbox(history_days=400, closed_share=0.5)
    listed = set(sandbox.desk.tickets.ids)
    archived = [number for number in range(1, 301) if number not in listed]
    return sandbox, caller_of(sandbox), archived


def test_archived_tickets_are_not_in_lists_and_views(archive):
    sandbox, call, archived = archive

    assert 20 < len(archived) < 200
    assert call.get("/tickets/count").json["count"]["value"] == 300 - len(archived)
    closed = next(view for view in sandbox.desk.views.all() if view.title == "Closed tickets")
    assert not set(archived) & set(closed.ids)
    assert all(sandbox.ticket(number)["status"] == "closed" for number in archived)


def test_archived_tickets_are_found_shown_and_exported(archive):
    _, call, archived = archive

    shown = call.get(f"/tickets/{archived[0]}")
    found = call.get("/search/count", query="status:closed").json["count"]
    exported = call.get("/incremental/tickets/cursor", start_time=0).json["tickets"]

    assert shown.status_code == 200
    assert found > len(archived)
    assert set(archived) <= {ticket["id"] for ticket in exported}


def test_archived_tickets_take_no_update_not_even_tags(archive):
    sandbox, call, archived = archive

    single = call.put(f"/tickets/{archived[0]}", {"ticket": {"priority": "high"}})
    job = call.job_of(call.tag_many(archived[:1], "late"))

    assert single.status_code == 422
    assert not job["results"][0]["success"]
    assert "late" not in sandbox.tags_of(archived[0])


def test_closed_tickets_are_archived_as_time_goes_by(make_sandbox):
    # A day lasts years of real time here, so what is closed now cannot become old meanwhile.
    sandbox = make_sandbox(speed=0.001)
    closed = next(view for view in sandbox.desk.views.all() if view.title == "Closed tickets")
    before, added = set(closed.ids), sandbox.add_ticket(status="closed")

    sandbox.change_settings(archive_days=1)
    sandbox.summary()

    assert before
    assert list(closed.ids) == [added]
    assert not before & set(sandbox.desk.tickets.ids)
