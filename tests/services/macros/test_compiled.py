"""What a macro is, once it is read: local or asked of Zendesk, reversible or not, and what it makes of a ticket."""

import hashlib

import pytest

from app.services.change import Change
from app.services.macros import Account, Reversal, compile_macro, content_hash
from app.services.operations import Reason, Skip
from app.zendesk.resources import CustomStatus, MacroResult, TicketField
from app.zendesk.resources import Ticket as Snapshot
from app.zendesk.sandbox.fields import PRODUCT_FIELD, REFUND_FIELD, SYMPTOMS_FIELD
from tests.services.macros.desk import ME, macro_of

HOLD, PARTS, OPEN, NEW = 7004, 7011, 7002, 7001


def ticket(**fields):
    usual = {"id": 7, "status": "open", "tags": frozenset(), "updated_at": "x"}
    return Snapshot(**usual | {"custom_status_id": OPEN} | fields)


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (("group_id", "current_groups"), "Current groups"),
        (("subject", "[{{ticket.id}}]"), "“subject” has placeholders"),
        (("current_tags", "{{ticket.id}}"), "“current_tags” has placeholders"),
        (("comment_value", "Hi {{ticket.requester.name}}"), "The comment has placeholders"),
        (("comment_value_html", "{% if x %}Hi{% endif %}"), "The comment has placeholders"),
        (("comment_value", ["channel:chat", "Hi"]), "one channel"),
        (("comment_value", 5), "We do not know the value"),
        (("dance", "wildly"), "We do not know the action “dance”"),
        (("status", "closed"), "We do not know the value"),
        (("status", ["open"]), "We do not know the value"),
        (("custom_status_id", "99"), "We do not know the value"),
        (("group_id", "x"), "We do not know the value"),
        (("brand_id", "0"), "We do not know the value"),
        (("comment_mode_is_public", "maybe"), "We do not know the value"),
        (("custom_fields_1", "x"), "no field"),
        ((f"custom_fields_{SYMPTOMS_FIELD}", "leaking"), "field of its type"),
        ((f"custom_fields_{PRODUCT_FIELD}", "not_an_option"), "We do not know the value"),
        ((f"custom_fields_{REFUND_FIELD}", "perhaps"), "We do not know the value"),
    ],
)
def test_what_only_zendesk_knows_is_asked_of_zendesk(compiled, action, why):
    macro = compiled(("status", "open"), action)

    assert not macro.is_local
    assert why in " ".join(macro.asks_zendesk)


def test_several_comments_are_asked_of_zendesk(compiled):
    macro = compiled(("comment_value", "a"), ("comment_value_html", "b"))

    assert macro.asks_zendesk == ("It has several comments, and Zendesk chooses among them.",)


def test_a_comment_is_asked_for_late_and_a_field_before_the_plan_is_sealed(compiled):
    text, field = compiled(("comment_value", "{{x}}")), compiled(("group_id", "current_groups"))

    assert (text.asks_for_text, text.asks_for_fields) == (True, False)
    assert (field.asks_for_text, field.asks_for_fields) == (False, True)


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (("side_conversation", ["a", "b"]), "side conversation"),
        (("side_conversation_slack", ["a"]), "side conversation"),
        (("side_conversation_ticket", ["a"]), "side conversation"),
        (("set_skills", "1"), "skills"),
        (("add_skills", "1"), "skills"),
        (("remove_skills", "1"), "skills"),
        (("share_ticket", "1"), "shares the ticket"),
        (("priority", ""), "empties the priority"),
    ],
)
def test_what_bulk_cannot_do_is_said_and_the_rest_is_local(compiled, action, sentence):
    macro = compiled(action, ("status", "solved"))

    (said,) = macro.cannot
    assert sentence in said
    assert macro.is_local
    assert macro.decide(ticket(custom_status_id=None)) == Change(fields={"status": "solved"})


def test_files_are_named_as_left_out(compiled):
    macro = compiled(("status", "solved"), attachments=["a.pdf", "b.pdf"])

    assert macro.cannot == (
        "It has 2 files (a.pdf, b.pdf), which Zendesk leaves out when it is applied.",
    )


def test_the_hash_is_of_what_the_macro_does_and_of_nothing_else(account):
    one = compile_macro(macro_of(("status", "open"), macro_id=1), ME, account)
    same = compile_macro(macro_of(("status", "open"), macro_id=2), ME, Account())
    other = compile_macro(macro_of(("status", "hold"), macro_id=1), ME, account)
    turned = compile_macro(macro_of(("type", "task"), ("status", "open")), ME, account)

    assert one.content_hash == same.content_hash == content_hash([("status", "open")])
    assert one.content_hash == hashlib.sha256(b'[["status", "open"]]').hexdigest()
    assert len({one.content_hash, other.content_hash, turned.content_hash}) == 3


@pytest.mark.parametrize(
    ("actions", "public"),
    [
        ([("comment_value", "Hi")], True),
        ([("comment_value", "Hi"), ("comment_mode_is_public", "false")], False),
        ([("comment_mode_is_public", False), ("comment_value", "Hi")], False),
        ([("comment_mode_is_public", "true")], None),
        ([("comment_value_html", "<p></p>")], None),
        ([("status", "open")], None),
        ([("dance", "")], True),
        ([("group_id", "current_groups")], None),
        ([("dance", ""), ("comment_mode_is_public", "false")], False),
    ],
)
def test_a_macro_tells_whether_it_comments_and_who_reads_it(compiled, actions, public):
    macro = compiled(*actions)

    assert macro.needs_comment is (public is not None)
    assert macro.sends_public_reply is bool(public)


@pytest.mark.parametrize(
    ("actions", "extent"),
    [
        ([("type", "task"), ("current_tags", "a")], "fully"),
        ([("status", "solved"), ("current_tags", "a")], "partly"),
        ([("assignee_id", "current_user")], "partly"),
        ([("comment_value", "Hi"), ("current_tags", "a")], "partly"),
        ([("comment_value", "Hi")], "not"),
        ([("priority", "high")], "partly"),
        ([("dance", "")], "partly"),
        ([("set_skills", "1")], "fully"),
    ],
)
def test_what_can_be_undone_is_said_before(compiled, actions, extent):
    reversal = compiled(*actions).reversible

    assert reversal.extent == extent
    assert bool(reversal.why) is (extent != "fully")
    assert isinstance(reversal, Reversal)


def test_a_closed_ticket_is_left_alone(compiled):
    closed = ticket(status="closed")

    assert compiled(("current_tags", "a")).decide(closed) == Skip(Reason.CLOSED)
    assert compiled(("dance", "")).decide(closed, answer(tags=["a"])) == Skip(Reason.CLOSED)


def test_a_ticket_that_is_already_so_is_left_alone(compiled):
    macro = compiled(("status", "open"), ("current_tags", "vip"), ("assignee_id", ""))

    assert macro.decide(ticket(tags=frozenset({"vip"}))) == Skip(Reason.ALREADY_SO)


def test_assigning_a_new_ticket_makes_it_open(compiled):
    macro = compiled(("assignee_id", "current_user"))

    change = macro.decide(ticket(status="new", custom_status_id=NEW))

    assert change.fields == {"status": "open", "custom_status_id": OPEN, "assignee_id": ME}


def test_a_plain_status_takes_the_accounts_own_one_away(compiled):
    change = compiled(("status", "hold")).decide(ticket(status="hold", custom_status_id=PARTS))

    assert change.fields == {"custom_status_id": HOLD}


def test_a_custom_status_wins_over_a_plain_one_wherever_it_stands(compiled):
    actions = ("custom_status_id", str(PARTS)), ("status", "solved")

    changes = [compiled(*order).decide(ticket()).fields for order in (actions, actions[::-1])]

    assert changes == [{"status": "hold", "custom_status_id": PARTS}] * 2


def test_without_the_accounts_statuses_a_status_is_only_itself():
    account = Account()

    plain = compile_macro(macro_of(("status", "solved")), ME, account)
    custom = compile_macro(macro_of(("custom_status_id", str(PARTS))), ME, account)

    assert plain.decide(ticket()).fields == {"status": "solved"}
    assert not custom.is_local


def test_a_ticked_box_with_a_tag_brings_it_and_takes_it():
    box = TicketField(1, "checkbox", "Refund", True, False, tag="refund")
    account = Account.of([box], [CustomStatus(OPEN, "open", "Open", True, True)])
    tick, untick = (
        compile_macro(macro_of(("custom_fields_1", value)), ME, account)
        for value in ("true", "false")
    )

    ticked = ticket(custom_fields={1: True}, tags=frozenset({"refund"}))
    assert tick.decide(ticket()) == Change(add_tags=frozenset({"refund"}), custom_fields={1: True})
    assert untick.decide(ticked) == Change(
        remove_tags=frozenset({"refund"}), custom_fields={1: False}
    )


def answer(**fields):
    return MacroResult.of({"ticket": fields})


def test_where_zendesk_knows_the_fields_its_answer_is_the_change(compiled):
    macro = compiled(("group_id", "current_groups"), ("comment_value", "Hi {{ticket.id}}"))
    said = {"body": "Hi 7", "public": True}

    change = macro.decide(ticket(), answer(group_id=501, comment=said))

    assert change.fields == {"group_id": 501}
    assert change.comment.awaits_rendering
    assert macro.decide(ticket(), answer(group_id=501)).comment == change.comment


def test_a_comment_that_zendesk_need_not_render_is_planned_as_it_is(compiled):
    change = compiled(("comment_value", ["channel:all", "Hi"])).decide(ticket())

    assert (change.comment.text, change.comment.is_html, change.comment.public) == (
        *("Hi", False),
        True,
    )
    assert not change.comment.awaits_rendering
