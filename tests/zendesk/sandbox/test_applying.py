"""What a macro would make of a ticket."""

import pytest

from app.zendesk.sandbox.fields import (
    AWAITING_RETURN,
    PRODUCT_FIELD,
    REFUND_FIELD,
    RETURNS_FORM,
    SYMPTOMS_FIELD,
    TRADE_BRAND,
)


@pytest.fixture
def applied(call, sandbox):
    """The ticket as a macro of these actions would make it."""

    def apply(*actions, ticket=None, user="admin@sandbox.test", **query):
        macro = sandbox.add_macro("Made by a test", actions)
        path = f"/tickets/{ticket}" if ticket else ""
        answer = call.get(f"{path}/macros/{macro}/apply", user=user, **query)
        assert answer.status_code == 200
        return answer.json["result"]["ticket"]

    return apply


def test_applying_without_a_ticket_gives_only_what_the_macro_sets(applied):
    result = applied(
        ("status", "pending"),
        ("group_id", "502"),
        (f"custom_fields_{REFUND_FIELD}", "true"),
        ("comment_value", "Dear {{ticket.requester.name}}"),
        ("comment_mode_is_public", "false"),
    )

    assert result == {
        "status": "pending",
        "group_id": 502,
        "fields": {"id": REFUND_FIELD, "value": True},
        "comment": {
            "body": "Dear {{ticket.requester.name}}",
            "html_body": "Dear {{ticket.requester.name}}",
            "scoped_body": [["channel:all", "Dear {{ticket.requester.name}}"]],
            "public": False,
        },
    }


def test_applying_to_a_ticket_gives_the_whole_ticket_and_saves_nothing(applied, sandbox):
    ticket = sandbox.add_ticket(tags=["kept"], status="open")
    before = sandbox.ticket(ticket)

    result = applied(("status", "solved"), ("current_tags", "new two"), ticket=ticket)

    assert result.keys() >= before.keys()
    assert (result["status"], result["tags"]) == ("solved", ["kept", "new", "two"])
    assert sandbox.ticket(ticket) == before


@pytest.mark.parametrize(
    ("actions", "tags"),
    [
        ([("set_tags", "a b")], ["a", "b"]),
        ([("current_tags", "a vip")], ["a", "old", "vip"]),
        ([("remove_tags", "old gone")], ["vip"]),
        ([("current_tags", "a"), ("set_tags", "b"), ("current_tags", "c")], ["b", "c"]),
        ([("remove_tags", "old"), ("current_tags", "old")], ["old", "vip"]),
        ([("remove_tags", "new"), ("current_tags", "New")], ["new", "old", "vip"]),
    ],
)
def test_tags_are_replaced_added_and_removed_in_the_order_of_actions(
    applied, sandbox, actions, tags
):
    ticket = sandbox.add_ticket(tags=["old", "vip"])

    assert applied(*actions, ticket=ticket)["tags"] == tags


def test_the_one_who_applies_it_and_her_group_stand_for_themselves(applied, sandbox):
    ticket = sandbox.add_ticket(group_id=501, assignee_id=9005)
    mine = (("assignee_id", "current_user"), ("group_id", "current_groups"), ("follower", "9001"))

    result = applied(*mine, ticket=ticket, user="agent@sandbox.test")

    assert (result["assignee_id"], result["group_id"]) == (9002, 504)
    assert result["follower_ids"] == [9001]


def test_empty_values_unassign(applied, sandbox):
    ticket = sandbox.add_ticket(group_id=501, assignee_id=9005)

    result = applied(("assignee_id", ""), ("group_id", ""), ticket=ticket)

    assert (result["assignee_id"], result["group_id"]) == (None, None)


def test_ids_of_forms_brands_and_statuses_are_taken_as_strings(applied, sandbox):
    ticket = sandbox.add_ticket(status="open")
    actions = (
        ("ticket_form_id", str(RETURNS_FORM)),
        ("brand_id", str(TRADE_BRAND)),
        ("custom_status_id", str(AWAITING_RETURN)),
        ("share_ticket", "31001"),
    )

    result = applied(*actions, ticket=ticket)

    assert (result["ticket_form_id"], result["brand_id"]) == (RETURNS_FORM, TRADE_BRAND)
    assert (result["custom_status_id"], result["status"]) == (AWAITING_RETURN, "pending")
    assert result["sharing_agreement_ids"] == [31001]


def test_a_drop_down_takes_its_former_tag_away(applied, sandbox):
    ticket = sandbox.add_ticket(
        tags=["kettle_k2", "vip"], custom_fields=[{"id": PRODUCT_FIELD, "value": "kettle_k2"}]
    )

    actions = (
        (f"custom_fields_{PRODUCT_FIELD}", "lamp_l1"),
        (f"custom_fields_{SYMPTOMS_FIELD}", "noise"),
    )
    result = applied(*actions, ticket=ticket)

    assert result["tags"] == ["lamp_l1", "noise", "vip"]
    assert {"id": PRODUCT_FIELD, "value": "lamp_l1"} in result["fields"]


def test_what_no_ticket_has_does_nothing(applied):
    result = applied(("side_conversation", ["a", "b"]), ("set_skills", "1"), ("status", "open"))

    assert result == {"status": "open"}


def test_placeholders_are_rendered(applied, sandbox):
    ticket = sandbox.add_ticket(
        subject="Broken lamp",
        status="open",
        requester_id=100_000,
        assignee_id=9002,
        group_id=501,
        organization_id=6001,
        tags=["a", "b"],
        custom_fields=[{"id": PRODUCT_FIELD, "value": "lamp_l1"}],
    )
    text = (
        "{{ticket.id}}|{{ticket.title}}|{{ticket.requester.first_name}}|{{ticket.requester.email}}"
        "|{{ticket.assignee.name}}|{{current_user.name}}|{{ ticket.ticket_field_360002 }}|"
        "{{ticket.ticket_field_option_title_360002}}|{{ticket.tags}}|{{ticket.group.name}}"
        "|{{ticket.organization.name}}|{{ticket.status}}|{{ticket.link}}"
    )

    body = applied(("comment_value", text), ticket=ticket)["comment"]["body"]

    assert body.split("|") == [
        *(str(ticket), "Broken lamp", "Ilva", "customer.0@customers.example", "Gil Sandbox"),
        *("Ada Sandbox", "lamp_l1", "Lamp l1", "a b", "Billing", "Northwick Bakery", "Open"),
        f"http://localhost/agent/tickets/{ticket}",
    ]


def test_missing_values_are_empty_or_what_the_filter_says(applied, sandbox):
    ticket = sandbox.add_ticket(assignee_id=None)
    text = "<{{ticket.assignee.name}}><{{nobody.knows}}><{{ticket.assignee.name | default: 'us'}}>"

    body = applied(("comment_value", text), ticket=ticket)["comment"]["body"]

    assert body == "<><><us>"


def test_values_are_escaped_in_html(applied, sandbox):
    ticket = sandbox.add_ticket(subject="<script>alert(1)</script>")
    action = ("comment_value_html", "<p>Re: {{ticket.title}}</p><p>Bye</p>")

    comment = applied(action, ticket=ticket)["comment"]

    assert comment["html_body"] == "<p>Re: &lt;script&gt;alert(1)&lt;/script&gt;</p><p>Bye</p>"
    assert comment["body"] == "Re: <script>alert(1)</script>\nBye"
    assert comment["public"] is True


def test_each_channel_has_its_own_text(applied, sandbox):
    ticket = sandbox.add_ticket()
    actions = [
        ("comment_value", ["channel:chat", "short"]),
        ("comment_value", ["channel:web", "long\n\ntext"]),
    ]

    comment = applied(*actions, ticket=ticket)["comment"]

    assert comment["scoped_body"] == [["channel:chat", "short"], ["channel:web", "long\n\ntext"]]


def test_newlines_become_paragraphs_when_asked(applied, sandbox):
    action = ("comment_value", "one\ntwo\n\nthree")

    plain = applied(action, ticket=1)["comment"]["html_body"]
    normal = applied(action, ticket=1, normalize_comment="true")["comment"]["html_body"]

    assert plain == "one<br>two<br><br>three"
    assert normal == "<p>one<br>two</p><p>three</p>"


def test_a_private_note_is_not_public_whatever_it_says(applied):
    result = applied(("comment_value", "x"), ("comment_mode_is_public", False), ticket=1)

    assert result["comment"]["public"] is False
