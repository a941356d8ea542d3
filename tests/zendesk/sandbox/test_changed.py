"""Changed tickets, of which only the latest are at hand."""

import pytest


@pytest.fixture
def few_at_hand(monkeypatch):
    monkeypatch.setattr("app.zendesk.sandbox.changed._AT_HAND", 3)


@pytest.mark.usefixtures("few_at_hand")
def test_a_change_of_long_ago_is_not_forgotten(sandbox, call):
    before = [sandbox.ticket(ticket) for ticket in range(1, 301)]

    for ticket in range(1, 301):
        sandbox.set_ticket(ticket, subject=f"Changed {ticket}")
        if ticket % 3 == 0:
            sandbox.delete_ticket(ticket)

    now = call.get("/tickets/show_many", ids=",".join(map(str, range(1, 100)))).json["tickets"]
    assert [ticket["id"] for ticket in now] == [ticket for ticket in range(1, 100) if ticket % 3]
    for ticket in now:
        old = before[ticket["id"] - 1]
        changed = {name for name in ticket if ticket[name] != old[name]} - {"url"}
        assert changed == {"subject", "raw_subject", "updated_at"}
        assert ticket["subject"] == f"Changed {ticket['id']}"


@pytest.mark.usefixtures("few_at_hand")
def test_a_new_ticket_far_beyond_the_others_is_found_again(sandbox):
    made = [sandbox.add_ticket(subject=f"New {place}") for place in range(20)]

    assert [sandbox.ticket(ticket)["subject"] for ticket in made] == [
        f"New {place}" for place in range(20)
    ]


@pytest.mark.usefixtures("few_at_hand")
def test_changes_not_yet_put_down_are_read_too(sandbox, call):
    call.job_of(call.tag_many(range(1, 51), "one"))
    call.job_of(call.tag_many(range(1, 51), "two"))

    assert all({"one", "two"} <= sandbox.tags_of(ticket) for ticket in range(1, 51))
