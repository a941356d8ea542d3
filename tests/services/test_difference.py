"""What a row of the ledger changes, as people read it."""

import pytest

from app.models import JobTicket
from app.services.change import Change
from app.services.comment import Comment
from app.services.difference import Part, Parts, Said, difference
from tests.services.test_change import snapshot


def shown(change, **ticket):
    before = snapshot(**ticket)
    return difference(JobTicket(before=change.before(before), after=change.after(before)))


def test_a_ticket_that_is_left_alone_has_no_difference():
    assert difference(JobTicket(before=None, after=None)) is None


def test_tags_stay_come_and_go():
    change = Change(add_tags=frozenset("b"), remove_tags=frozenset("a"))

    assert shown(change, tags=["a", "x"]).tags == Parts(kept=["x"], added=["b"], removed=["a"])


def test_no_tags_are_shown_where_other_things_change():
    change = Change(fields={"status": "open"})

    assert shown(change, tags=["a"]).tags == Parts()


@pytest.mark.parametrize(
    ("name", "before", "after", "part"),
    [
        ("status", "new", "solved", Part("Status", "New", "Solved")),
        ("priority", None, "high", Part("Priority", None, "High")),
        ("type", "problem", None, Part("Type", "Problem", None)),
        ("group_id", 3, 4, Part("Group", "3", "4")),
        ("assignee_id", 9, None, Part("Assignee", "9", None)),
        ("ticket_form_id", 1, 2, Part("Form", "1", "2")),
        ("brand_id", 1, 2, Part("Brand", "1", "2")),
        ("subject", "Late", "Found", Part("Subject", "Late", "Found")),
    ],
)
def test_a_field_is_shown_before_and_after(name, before, after, part):
    assert shown(Change(fields={name: after}), **{name: before}).fields == [part]


def test_custom_fields_go_by_their_number():
    change = Change(custom_fields={5: True, 6: ["a", "b"], 7: None})

    assert shown(change, custom_fields={5: False, 7: "x" * 300}).fields == [
        Part("Field 5", "not ticked", "ticked"),
        Part("Field 6", None, "a, b"),
        Part("Field 7", "x" * 199 + "…", None),
    ]


def test_followers_are_shown_beside_those_who_follow_already():
    change = Change(add_followers=frozenset({8}))

    assert shown(change, follower_ids=(7,)).followers == Parts(kept=["7"], added=["8"])


@pytest.mark.parametrize(("public", "label"), [(True, "Public reply"), (False, "Internal note")])
def test_a_comment_says_who_reads_it(public, label):
    comment = Comment("<p>Hello {{ticket.id}}</p>", True, public, awaits_rendering=True)

    said = shown(Change(comment=comment)).comment

    assert said == Said("Hello {{ticket.id}}", public, awaits_rendering=True)
    assert said.label == label


class Names:
    """Knows group 4 and field 7."""

    def of(self, kind, number):
        return {("group", 4): "Billing", ("field", 7): "Resolution"}.get((kind, number))


def test_what_has_a_name_is_shown_by_it():
    change = Change(fields={"group_id": 4, "assignee_id": 4}, custom_fields={7: "a", 8: "b"})
    before = snapshot(group_id=3)
    row = JobTicket(before=change.before(before), after=change.after(before))

    assert difference(row, Names()).fields == [
        Part("Group", "3", "Billing"),
        Part("Assignee", None, "4"),
        Part("Resolution", None, "a"),
        Part("Field 8", None, "b"),
    ]
