"""The macros that the help desk comes with, as people write them: some hundreds, few alike."""

from collections.abc import Iterator
from typing import Any

from .directory import STAFF, groups_of
from .fields import (
    MADE_GOOD,
    ORDER_FIELD,
    REFUND_FIELD,
    SYMPTOMS_FIELD,
    TRADE_BRAND,
    WAITING_FOR_PARTS,
    WITH_ENGINEERING,
)
from .macro_replies import HELLO, replies
from .macros import FIRST_MACRO, Actions, Macro
from .words import GROUPS

_USUAL: tuple[tuple[str, Actions], ...] = (
    ("Close and thank", (("status", "solved"), ("comment_value", "Thank you for writing to us."))),
    (
        "Billing::Double charge found",
        (
            ("current_tags", "double-charge refund-due"),
            ("group_id", str(GROUPS["Billing"])),
            (
                "comment_value_html",
                "<p>Hello {{ticket.requester.first_name}},</p><p>we found the second payment.</p>",
            ),
        ),
    ),
    (
        "Billing::Refund sent",
        (
            ("status", "solved"),
            ("remove_tags", "refund-due"),
            (f"custom_fields_{REFUND_FIELD}", "true"),
        ),
    ),
    ("Billing::Ask for the invoice number", (("status", "pending"), ("priority", "normal"))),
    (
        "Shipping::Carrier delay",
        (("current_tags", "carrier-delay"), ("status", "hold"), ("type", "incident")),
    ),
    (
        "Shipping::Send again",
        (("set_tags", "shipping-delay resend"), ("group_id", str(GROUPS["Shipping"]))),
    ),
    (
        "Technical::Restart first",
        (
            ("comment_mode_is_public", "true"),
            ("comment_value", ["channel:all", "Please hold the button for ten seconds."]),
            ("status", "pending"),
        ),
    ),
    (
        "Technical::Raise to engineering",
        (("priority", "urgent"), ("type", "problem"), ("current_tags", "engineering")),
    ),
    ("Technical::Recall of batch 7", (("current_tags", "recall-answered"), ("status", "solved"))),
    ("Take it", (("assignee_id", "current_user"), ("status", "open"))),
    (
        "Internal note: checked",
        (("comment_mode_is_public", "false"), ("comment_value", "Checked, nothing to do.")),
    ),
    ("Ask for a photo", (("status", "pending"), ("current_tags", "photo-asked"))),
)

# One for each kind of action that the others do not have.
_SELDOM: tuple[tuple[str, Actions], ...] = (
    ("Triage::To my group", (("group_id", "current_groups"), ("assignee_id", "current_user"))),
    ("Triage::Give back", (("assignee_id", ""), ("group_id", str(GROUPS["Technical"])))),
    ("Triage::Nobody's", (("group_id", ""), ("assignee_id", ""))),
    ("Triage::To Gil", (("assignee_id", "9002"), ("comment_mode_is_public", False))),
    ("Triage::Task for later", (("type", "task"), ("priority", "low"), ("status", "open"))),
    ("Triage::Question", (("type", "question"), ("priority", "high"))),
    ("Triage::Mine, and follow it", (("assignee_id", "current_user"), ("follower", "9001"))),
    ("Triage::Follow it", (("follower", "current_user"),)),
    ("Triage::Copy to Ada", (("cc", "9001"),)),
    ("Triage::Trade customer", (("brand_id", str(TRADE_BRAND)), ("current_tags", "b2b"))),
    ("Triage::Say what it is about", (("subject", "[{{ticket.id}}] {{ticket.title}}"),)),
    (
        "Triage::Clean tags",
        (("set_tags", "clean"), ("status", "open")),
    ),
    ("Triage::Leaks", ((f"custom_fields_{SYMPTOMS_FIELD}", "leaking"),)),
    ("Triage::No refund", ((f"custom_fields_{REFUND_FIELD}", "false"),)),
    ("Triage::Order unknown", ((f"custom_fields_{ORDER_FIELD}", ""),)),
    ("Triage::With engineering", (("custom_status_id", str(WITH_ENGINEERING)),)),
    ("Triage::Made good", (("custom_status_id", str(MADE_GOOD)),)),
    (
        "Chat::Greeting",
        (
            ("comment_value", ["channel:chat", "Hi {{ticket.requester.first_name}}, one moment!"]),
            ("comment_value", ["channel:web", "Hello {{ticket.requester.name}},\n\none moment."]),
        ),
    ),
    ("Chat::Are you still there?", (("comment_value", ["channel:chat", "Still there?"]),)),
    (
        "Chat::Summary",
        (
            ("comment_mode_is_public", False),
            (
                "comment_value",
                "Ticket {{ticket.id}}, {{ticket.status}}, {{ticket.group.name}},"
                " {{ticket.assignee.name | default: 'nobody'}}: {{ticket.tags}}\n{{ticket.link}}",
            ),
        ),
    ),
    ("Partners::Share with the carrier", (("share_ticket", "31001"), ("status", "hold"))),
    (
        "Partners::Ask the supplier",
        (
            (
                "side_conversation",
                [
                    "Part for {{ticket.ticket_field_360002}}",
                    "<p>When can you send it?</p>",
                    "supplier@parts.example",
                    "text/html",
                ],
            ),
            ("custom_status_id", str(WAITING_FOR_PARTS)),
        ),
    ),
    (
        "Partners::Tell engineering",
        (("side_conversation_slack", ["Ticket {{ticket.id}}", "Please look", "C0001", "text"]),),
    ),
    (
        "Partners::Ask Billing",
        (
            (
                "side_conversation_ticket",
                ["Please check", "<p>{{ticket.title}}</p>", "SupportAssignable:group/501", "html"],
            ),
        ),
    ),
    ("Skills::German only", (("set_skills", "5001"),)),
    ("Skills::Also firmware", (("add_skills", "5002"), ("current_tags", "firmware"))),
    ("Skills::Anybody", (("remove_skills", "5001 5002"),)),
)
_PERSONAL: tuple[tuple[str, Actions], ...] = (
    ("my signature", (("comment_value_html", "<p>--<br>{{current_user.name}}</p>"),)),
    ("park", (("status", "hold"), ("comment_mode_is_public", "false"))),
    ("zz test, do not use", (("current_tags", "test"), ("priority", "low"))),
    ("callback tomorrow", (("current_tags", "callback"), ("status", "pending"))),
    (
        "nice words",
        (
            (
                "comment_value_html",
                "<p>Thank you for your patience, {{ticket.requester.name}}!</p>",
            ),
            ("status", "solved"),
        ),
    ),
)
_OLD_TITLES = ("Summer sale", "Office closed", "Warehouse move", "Recall of 2024", "Beta app")
_TEAM_ONLY = ("Escalate", "Second look", "Lead must approve", "Quality sample")


def library() -> list[Macro]:
    """All of them, with ids from the first on."""
    return [
        Macro(FIRST_MACRO + place, title, actions, **more)
        for place, (title, actions, more) in enumerate(_all())
    ]


def _all() -> Iterator[tuple[str, Actions, dict[str, Any]]]:
    for title, actions in _USUAL:
        yield title, actions, {}
    yield "Old: holiday greeting", (("status", "solved"),), {"active": False}
    for title, actions in _SELDOM:
        yield title, actions, {}
    yield from replies()
    yield from _for_teams()
    yield from _personal()
    for title in _OLD_TITLES:
        for language, hello in HELLO.items():
            text = f"<p>{hello}</p><p>{title}.</p>"
            yield f"zz Old::{language}::{title}", (("comment_value_html", text),), {"active": False}


def _for_teams() -> Iterator[tuple[str, Actions, dict[str, Any]]]:
    for group, number in GROUPS.items():
        for place, title in enumerate(_TEAM_ONLY):
            priority = ("normal", "high", "urgent", "low")[place]
            note = f"<p>{title}: {{{{ticket.title}}}} ({{{{ticket.link}}}})</p>"
            actions = (
                ("priority", priority),
                ("current_tags", f"{group}-{title}".lower().replace(" ", "-")),
                ("comment_mode_is_public", "false"),
                ("comment_value_html", note),
            )
            yield f"{group}::Team::{title}", actions, {"group_ids": (number,)}


def _personal() -> Iterator[tuple[str, Actions, dict[str, Any]]]:
    for person in STAFF.values():
        for title, actions in _PERSONAL:
            yield title, actions, {"owner_id": person.id}
        note = f"Belongs to {STAFF[person.id].name}, group {groups_of(person)[0]}"
        yield "note to self", (("comment_value", note),), {"owner_id": person.id}
