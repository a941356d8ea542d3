"""Changes: the difference, what a ledger keeps of it, and what Zendesk is sent."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.change import FIELDS, Change, payload, same
from app.services.comment import Comment
from app.services.operations import Reason, Skip, Snapshot, decided

STAMP = "2026-11-02T10:00:00Z"


def snapshot(**fields):
    asked = {"id": 7, "status": "open", "tags": frozenset(), "updated_at": STAMP} | fields
    return Snapshot(**asked | {"tags": frozenset(asked["tags"])})


def reply(text="Hello", **more):
    return Comment(**{"text": text, "is_html": False, "public": True} | more)


def test_setting_tags_is_the_difference_it_makes_for_the_ticket():
    change = Change.making(snapshot(tags=["old", "kept"]), tags=["kept", "new"])

    assert change == Change(add_tags=frozenset({"new"}), remove_tags=frozenset({"old"}))


def test_what_a_ticket_has_already_is_no_part_of_the_change():
    ticket = snapshot(
        status="hold", assignee_id=9001, custom_fields={1: "x", 2: None, 3: 5}, follower_ids=(8,)
    )

    change = Change.making(
        ticket,
        tags=ticket.tags,
        fields={"status": "hold", "assignee_id": "9001", "group_id": ""},
        custom_fields={1: "x", 2: False, 3: "5", 4: ""},
        followers=[8],
    )

    assert decided(change) == Skip(Reason.ALREADY_SO)


def test_a_comment_is_a_change_by_itself_unless_it_is_blank():
    ticket = snapshot()

    assert decided(Change.making(ticket, comment=reply())) == Change(comment=reply())
    assert Change.making(ticket, comment=reply(" \n")).is_empty
    assert Change.making(ticket, comment=reply("<p> </p>", is_html=True)).is_empty
    assert not Change.making(ticket, comment=reply('<img src="x">', is_html=True)).is_empty


def test_a_priority_is_never_emptied_but_an_assignee_is():
    ticket = snapshot(priority="high", assignee_id=9001)

    change = Change.making(ticket, fields={"priority": "", "assignee_id": ""})

    assert change.fields == {"assignee_id": None}


def test_only_the_parts_that_it_touches_are_written_down():
    ticket = snapshot(status="new", custom_fields={1: "x", 2: "y"}, follower_ids=(3,))
    change = Change(
        fields={"status": "open"},
        custom_fields={1: None},
        add_followers=frozenset({2}),
        comment=reply("Hello " * 100),
    )

    before, after = change.before(ticket), change.after(ticket)

    assert before == {"status": "new", "custom_fields": {"1": "x"}, "followers": [3]}
    assert len(after["comment"].pop("text")) == 200
    assert after == {
        "status": "open",
        "custom_fields": {"1": None},
        "followers": [2, 3],
        "comment": {"public": True},
    }


def test_a_change_of_tags_is_written_down_as_ever():
    change = Change(add_tags=frozenset("b"), remove_tags=frozenset("a"))

    assert change.before(snapshot(tags=["a", "x"])) == {"tags": ["a", "x"]}
    assert change.after(snapshot(tags=["a", "x"])) == {"tags": ["b", "x"]}


VALUES = st.none() | st.text(min_size=1) | st.integers(1)
TAGS = st.frozensets(st.sampled_from("abcdef"))
PEOPLE = st.frozensets(st.integers(1, 5))
WANTED = st.fixed_dictionaries(
    {
        "tags": st.none() | TAGS,
        "fields": st.dictionaries(st.sampled_from(FIELDS), VALUES),
        "custom_fields": st.dictionaries(st.integers(1, 5), VALUES | st.booleans()),
        "followers": PEOPLE,
    }
)


@given(has=TAGS, followers=PEOPLE, wanted=WANTED, leaving=PEOPLE)
def test_a_change_is_found_again_in_its_ledger(has, followers, wanted, leaving):
    ticket = snapshot(tags=has, follower_ids=tuple(followers))
    change = replace(Change.making(ticket, **wanted), remove_followers=leaving & followers)

    row = json.loads(json.dumps([change.before(ticket), change.after(ticket)]))

    assert Change.from_ledger(*row) == change


def test_each_ticket_is_sent_its_own_change_with_the_stamp_it_had():
    change = Change(
        add_tags=frozenset({"b", "a"}),
        remove_tags=frozenset({"c"}),
        fields={"status": "solved", "group_id": None},
        custom_fields={1: True},
        add_followers=frozenset({5}),
        remove_followers=frozenset({6}),
        comment=reply("<p>Hi</p>", is_html=True, public=False),
    )

    assert payload(change, snapshot(), macro_id=3) == {
        "id": 7,
        "status": "solved",
        "group_id": None,
        "additional_tags": ["a", "b"],
        "remove_tags": ["c"],
        "custom_fields": [{"id": 1, "value": True}],
        "followers": [{"user_id": 5, "action": "put"}, {"user_id": 6, "action": "delete"}],
        "comment": {"html_body": "<p>Hi</p>", "public": False},
        "macro_ids": [3],
        "safe_update": True,
        "updated_stamp": STAMP,
    }


def test_placeholders_are_never_sent():
    change = Change(comment=reply("Hi {{ticket.id}}", awaits_rendering=True))

    with pytest.raises(ValueError, match="placeholders"):
        payload(change, snapshot())


def test_what_a_ticket_or_a_comment_says_is_in_no_repr():
    change = Change(
        fields={"subject": "secret"}, custom_fields={1: "secret"}, comment=reply("secret")
    )

    assert "secret" not in repr(change)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (5, "5", True),
        (None, "", True),
        (None, False, True),
        (0, None, False),
        (0, False, False),
        (["b", "a"], ["a", "b"], True),
        (["a"], [], False),
        (True, False, False),
    ],
)
def test_values_are_the_same_as_zendesk_means_them(one, other, are_same):
    assert same(one, other) is are_same
    assert same(other, one) is are_same
