"""Zendesk's own answer as a change, and its text in a planned one."""

import pytest

from app.services.change import Change
from app.services.comment import Comment
from app.services.macros import MacroChanged, effect_of, rendered
from app.services.operations import Reason, Skip
from app.zendesk.errors import Unreadable
from app.zendesk.resources import MacroResult
from app.zendesk.resources import Ticket as Snapshot

STAMP = "2026-11-02T10:00:00Z"
PENDING = Comment("Hi {{ticket.id}}", is_html=False, public=True, awaits_rendering=True)
PLANNED = Change(fields={"status": "solved"}, comment=PENDING)


def ticket(**fields):
    usual = {"id": 7, "status": "open", "tags": frozenset({"a"}), "updated_at": STAMP}
    return Snapshot(**usual | fields)


def answer(**fields):
    return MacroResult.of({"ticket": fields})


def test_only_what_differs_and_can_be_written_is_taken():
    said = answer(
        id=7,
        url="https://x.zendesk.test/api/v2/tickets/7.json",
        status="open",
        priority="high",
        assignee_id="9001",
        requester_id=5,
        tags=["b"],
        custom_fields=[{"id": 1, "value": "x"}, {"id": 2, "value": None}],
        follower_ids=[3],
        sharing_agreement_ids=[4],
        updated_at=STAMP,
    )

    change = effect_of(said, ticket(custom_fields={2: ""}))

    assert change == Change(
        add_tags=frozenset({"b"}),
        remove_tags=frozenset({"a"}),
        fields={"priority": "high", "assignee_id": 9001},
        custom_fields={1: "x"},
        add_followers=frozenset({3}),
    )


def test_what_the_answer_does_not_name_stays():
    assert effect_of(answer(status="solved"), ticket(group_id=5)) == Change(
        fields={"status": "solved"}
    )


def test_what_a_ticket_cannot_be_without_is_never_emptied():
    said = answer(status=None, priority=None, brand_id=None, type=None)

    change = effect_of(said, ticket(priority="low", brand_id=3, type="task"))

    assert change.fields == {"type": None}


@pytest.mark.parametrize(
    ("said", "text", "public"),
    [
        ({"body": "Hi", "html_body": "<p>Hi</p>", "public": False}, "<p>Hi</p>", False),
        ({"body": "a < b\n{{ticket.id}}"}, "a &lt; b<br>{{ticket.id}}", True),
    ],
)
def test_its_comment_is_html_and_public_unless_it_says_otherwise(said, text, public):
    change = effect_of(answer(comment=said), ticket())

    assert change.comment == Comment(text, is_html=True, public=public)


def test_an_audience_without_a_text_is_no_comment():
    assert effect_of(answer(comment={"public": False}), ticket()).is_empty


@pytest.mark.parametrize("odd", [{"tags": "a b"}, {"status": 5}, {"follower_ids": ["x"]}])
def test_an_answer_of_unknown_shape_is_refused(odd):
    with pytest.raises(Unreadable):
        effect_of(answer(**odd), ticket())


def test_a_rendering_adds_its_text_and_no_other_field():
    said = answer(updated_at=STAMP, status="hold", comment={"html_body": "Hi 7", "public": True})

    change = rendered(PLANNED, ticket(), said)

    assert change == Change(fields={"status": "solved"}, comment=Comment("Hi 7", True, True))


def test_a_ticket_that_moved_since_the_plan_is_not_rendered():
    said = answer(updated_at="2026-11-02T10:00:01Z", comment={"html_body": "Hi 7"})

    assert rendered(PLANNED, ticket(), said) == Skip(Reason.CHANGED_SINCE_PLAN)


def test_a_comment_that_comes_out_empty_is_not_sent():
    empty = answer(updated_at=STAMP, comment={"html_body": "<p> </p>", "public": True})

    assert rendered(PLANNED, ticket(), empty) == Change(fields={"status": "solved"})
    assert rendered(Change(comment=PENDING), ticket(), empty) == Skip(Reason.ALREADY_SO)


def test_a_note_that_has_become_a_reply_is_refused():
    note = Change(comment=Comment("Hi {{x}}", is_html=False, public=False, awaits_rendering=True))
    said = answer(updated_at=STAMP, comment={"html_body": "Hi", "public": True})

    for planned in (note, Change(fields={"status": "solved"})):
        with pytest.raises(MacroChanged):
            rendered(planned, ticket(), said)
