"""A macro's actions as somebody would say them."""

import pytest

from app.services.macros import compile_macro
from app.zendesk.sandbox.fields import ORDER_FIELD, PRODUCT_FIELD, REFUND_FIELD, WAITING_FOR_PARTS


class SomeNames:
    known = {("group", 501): "Billing", ("agent", 9002): "Gil", ("brand", 8102): "Trade"}

    def of(self, kind, number):
        return self.known.get((kind, number))


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (("status", "solved"), "Set status to Solved"),
        (("priority", "high"), "Set priority to High"),
        (("priority", ""), "Empty the priority"),
        (("custom_status_id", str(WAITING_FOR_PARTS)), "Set status to Waiting for parts"),
        (("group_id", "501"), "Set group to Billing"),
        (("group_id", "77"), "Set group to group 77"),
        (("group_id", "current_groups"), "Set group to the agent's own"),
        (("group_id", ""), "Take the group away"),
        (("assignee_id", "9002"), "Assign to Gil"),
        (("assignee_id", "current_user"), "Assign to the connection's user"),
        (("assignee_id", ""), "Unassign"),
        (("brand_id", "8102"), "Set brand to Trade"),
        (("ticket_form_id", "8002"), "Set form to form 8002"),
        (("set_tags", "A b"), "Replace all tags by a, b"),
        (("set_tags", ""), "Remove all tags"),
        (("current_tags", "refund"), "Add tag refund"),
        (("remove_tags", "a b"), "Remove tags a, b"),
        (("subject", "Hi"), "Set subject to “Hi”"),
        ((f"custom_fields_{REFUND_FIELD}", "true"), "Tick Refund due"),
        ((f"custom_fields_{REFUND_FIELD}", "false"), "Untick Refund due"),
        ((f"custom_fields_{ORDER_FIELD}", ""), "Empty Order number"),
        ((f"custom_fields_{PRODUCT_FIELD}", "kettle_k2"), "Set Product to Kettle k2"),
        (("custom_fields_5", "x"), "Set field 5 to x"),
        (("comment_value_html", "<p>Hi <b>you</b></p>"), "Public reply: Hi you"),
        (("comment_value", ["channel:chat", "Hi"]), "Public reply: Hi"),
        (("follower", "9002"), "Add follower Gil"),
        (("side_conversation_slack", []), "Start a side conversation (not possible in bulk)"),
        (("share_ticket", "1"), "Share the ticket (not possible in bulk)"),
        (("add_skills", "1"), "Change the ticket's skills (not possible in bulk)"),
        (("dance", "x"), "“dance”, an action that we do not know"),
    ],
)
def test_an_action_is_one_sentence(compiled, action, sentence):
    assert compiled(action).words(SomeNames()) == [sentence]


def test_the_audience_stands_before_the_text(compiled):
    macro = compiled(("comment_value", "Checked"), ("comment_mode_is_public", "false"))

    assert macro.words() == ["Internal note: Checked"]


def test_an_audience_without_a_text_is_said_to_do_nothing(compiled):
    (said,) = compiled(("comment_mode_is_public", "true")).words()

    assert said == "Make the comment a public reply, which does nothing as there is no comment"


def test_every_macro_of_the_library_can_be_said(client, account):
    macros = [compile_macro(macro, 9001, account) for macro in client.macros()]

    said = [sentence for macro in macros for sentence in macro.words()]
    assert all(macro.words() for macro in macros)
    assert not any("do not know" in sentence for sentence in said)
