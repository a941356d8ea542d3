"""Zendesk triggers that change a ticket right after an update."""

import pytest


def test_a_trigger_undoes_a_tag(call, sandbox):
    sandbox.change_settings(triggers=[{"when_tag_added": "sale", "remove_tag": "sale"}])
    ticket = sandbox.add_ticket()

    answer = call.put(f"/tickets/{ticket}", {"ticket": {"additional_tags": ["sale", "kept"]}})

    assert answer.json["ticket"]["tags"] == ["kept"]
    assert sandbox.tags_of(ticket) == {"kept"}


def test_a_trigger_adds_a_tag_and_sets_a_field_after_a_job_and_by_hand(call, sandbox):
    trigger = {"when_tag_removed": "new", "add_tag": "seen", "set": {"priority": "urgent"}}
    sandbox.change_settings(triggers=[trigger])
    by_job, by_hand = (sandbox.add_ticket(tags=["new"], priority="low") for _ in range(2))

    body = {"ticket": {"remove_tags": ["new"]}}
    call.job_of(call.put("/tickets/update_many", body, ids=str(by_job)))
    sandbox.set_ticket(by_hand, remove_tags=["new"])

    for ticket in (by_job, by_hand):
        assert sandbox.tags_of(ticket) == {"seen"}
        assert sandbox.ticket(ticket)["priority"] == "urgent"


def test_what_a_trigger_did_is_in_the_truth_log_and_no_delivery(call, sandbox):
    sandbox.change_settings(triggers=[{"when_tag_added": "sale", "remove_tag": "sale"}])

    call.put("/tickets/1/tags", {"tags": ["sale"]})
    ticket = sandbox.add_ticket()
    call.put(f"/tickets/{ticket}/tags", {"tags": ["sale"]})

    entries = sandbox.truth(ticket)
    assert [entry["via"] for entry in entries] == ["tags", "trigger"]
    assert [entry["removed_tags"] for entry in entries] == [[], ["sale"]]
    assert entries[0]["at"] < entries[1]["at"]
    assert sandbox.summary()["deliveries"] == 2


def test_an_update_without_the_tag_sets_nothing_off(call, sandbox):
    sandbox.change_settings(triggers=[{"when_tag_added": "sale", "add_tag": "seen"}])
    ticket = sandbox.add_ticket(tags=["sale"])

    call.put(f"/tickets/{ticket}", {"ticket": {"additional_tags": ["sale", "other"]}})

    assert sandbox.tags_of(ticket) == {"sale", "other"}


@pytest.mark.parametrize(
    "trigger",
    [
        "when",
        {"add_tag": "x"},
        {"when_tag_added": "x"},
        {"when_tag_added": "x", "colour": "red"},
        {"when_tag_added": "x", "set": "priority"},
        {"when_tag_added": "x", "set": {"colour": "red"}},
    ],
)
def test_what_is_no_trigger_is_refused(call, trigger):
    answer = call("POST", "/_sandbox/settings", {"triggers": [trigger]})

    assert answer.status_code == 422
