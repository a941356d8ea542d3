"""What is put back on a ticket, and what stays, by what the job did and what came since."""

import pytest

from app.services.operations import Change, Reason, Skip, Snapshot
from app.services.traces import Trace
from app.services.undoing import tags_alone, undone

BOX = 7


def ticket(**fields):
    asked = {"id": 1, "status": "open", "tags": frozenset(), "updated_at": ""} | fields
    return Snapshot(**asked | {"tags": frozenset(asked["tags"])})


def test_only_the_tags_that_the_job_added_are_taken_away():
    trace = Trace({"tags": ["old", "gone"]}, {"tags": ["old", "vip", "new"]})

    change = undone(trace, ticket(tags=["old", "vip", "later"]))

    assert change == Change(add_tags=frozenset({"gone"}), remove_tags=frozenset({"vip"}))
    assert change.note is None


def test_a_field_that_was_changed_since_stays_and_is_listed():
    trace = Trace({"priority": "low", "type": "task"}, {"priority": "high", "type": "problem"})

    change = undone(trace, ticket(priority="urgent", type="problem"))

    assert change == Change(fields={"type": "task"})
    assert change.note == "Stays as it is: priority (changed since)."


def test_a_ticket_of_which_all_was_changed_since_is_left_alone():
    trace = Trace({"subject": "Help"}, {"subject": "Refund"})

    assert undone(trace, ticket(subject="Another")) == Skip(
        Reason.OVERWRITTEN, "Stays as it is: subject (changed since)."
    )


COMMENT = {"comment": {"public": True, "text": "Hi"}}


@pytest.mark.parametrize(
    ("now", "reason"),
    [({"type": "problem"}, Reason.OVERWRITTEN), ({"status": "closed"}, Reason.CLOSED)],
)
def test_of_several_reasons_that_is_told_which_is_not_so_of_every_ticket(now, reason):
    trace = Trace({"type": None}, {"type": "task"} | COMMENT)

    skipped = undone(trace, ticket(**{"type": "task"} | now))

    assert skipped.reason is reason
    assert "comment (cannot be taken back)" in skipped.note


def test_what_is_already_as_before_is_not_written():
    trace = Trace({"tags": [], "type": None}, {"tags": ["vip"], "type": "task"})

    assert undone(trace, ticket()) == Skip(Reason.ALREADY_SO)


def test_the_status_and_its_custom_one_stand_and_fall_together():
    trace = Trace(
        {"status": "open", "custom_status_id": 11}, {"status": "pending", "custom_status_id": 22}
    )

    moved = undone(trace, ticket(status="pending", custom_status_id=33))
    still = undone(trace, ticket(status="pending", custom_status_id=22))

    assert moved == Skip(Reason.OVERWRITTEN, "Stays as it is: status (changed since).")
    assert still == Change(fields={"status": "open", "custom_status_id": 11})


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({"status": "new"}, {"status": "solved"}, "status (no ticket becomes new again)"),
        ({"priority": None}, {"priority": "high"}, "priority (cannot be emptied)"),
        ({}, {"comment": {"public": True, "text": "Hi"}}, "comment (cannot be taken back)"),
    ],
)
def test_what_can_never_be_undone_says_so(before, after, why):
    now = {name: value for name, value in after.items() if name != "comment"}

    decision = undone(Trace(before, after), ticket(**now))

    assert decision == Skip(Reason.CANNOT_BE_UNDONE, f"Stays as it is: {why}.")


def test_a_field_that_may_be_empty_is_emptied():
    trace = Trace({"assignee_id": None}, {"assignee_id": 9001})

    assert undone(trace, ticket(assignee_id=9001)) == Change(fields={"assignee_id": None})


def test_of_a_closed_ticket_only_the_tags_are_put_back():
    trace = Trace({"tags": [], "type": None}, {"tags": ["vip"], "type": "task"})
    closed = ticket(status="closed", tags=["vip"], type="task")

    change = undone(trace, closed)

    assert change == Change(remove_tags=frozenset({"vip"}))
    assert change.note == "Stays as it is: type (the ticket is closed)."
    assert undone(Trace({"type": None}, {"type": "task"}), closed).reason == Reason.CLOSED


def test_the_tag_of_a_drop_down_stays_where_its_field_does():
    trace = Trace(
        {"tags": ["kettle"], "custom_fields": {str(BOX): "kettle"}},
        {"tags": ["mixer", "vip"], "custom_fields": {str(BOX): "mixer"}},
    )

    moved = undone(trace, ticket(tags=["toaster", "vip"], custom_fields={BOX: "toaster"}))
    still = undone(trace, ticket(tags=["mixer", "vip"], custom_fields={BOX: "mixer"}))

    assert moved == Change(remove_tags=frozenset({"vip"}))
    assert moved.note == (
        f"Stays as it is: custom field {BOX} (changed since), tag kettle (goes with custom field {BOX})."
    )
    assert still.custom_fields == {BOX: "kettle"}
    assert (still.add_tags, still.remove_tags) == ({"kettle"}, {"mixer", "vip"})


def test_followers_go_and_come_back():
    added = Trace({"followers": [1]}, {"followers": [1, 2]})
    removed = Trace({"followers": [1, 2]}, {"followers": [1]})

    assert undone(added, ticket(follower_ids=(1, 2))) == Change(remove_followers=frozenset({2}))
    assert undone(removed, ticket(follower_ids=(1,))) == Change(add_followers=frozenset({2}))
    assert undone(added, ticket(status="closed", follower_ids=(1, 2))).reason == Reason.CLOSED


def test_only_tags_are_sent_to_many_tickets_alike():
    tags = Change(add_tags=frozenset({"b", "a"}), remove_tags=frozenset({"c"}))

    assert tags_alone(tags) == {"additional_tags": ["a", "b"], "remove_tags": ["c"]}
    assert tags_alone(Change(remove_tags=frozenset({"c"}))) == {"remove_tags": ["c"]}
    assert tags_alone(Change(remove_tags=frozenset({"c"}), fields={"type": None})) is None
