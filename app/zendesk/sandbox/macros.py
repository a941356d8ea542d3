"""The help desk's macros. They are read only."""

from dataclasses import dataclass
from typing import Any

from .generation import GROUPS, REFUND_FIELD

FIRST_MACRO = 360_501
Actions = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Macro:
    """Categories are the segments of the title: `A::B::Title`."""

    id: int
    title: str
    actions: Actions
    active: bool = True

    def to_json(self, base_url: str) -> dict[str, Any]:
        return {
            "url": f"{base_url}/api/v2/macros/{self.id}.json",
            "id": self.id,
            "title": self.title,
            "raw_title": self.title,
            "active": self.active,
            "default": False,
            "position": self.id - FIRST_MACRO + 1,
            "description": None,
            "actions": [{"field": field, "value": value} for field, value in self.actions],
            "restriction": None,
            "created_at": "2025-03-04T10:00:00Z",
            "updated_at": "2026-06-18T14:30:00Z",
        }


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
_OLD = Macro(
    FIRST_MACRO + len(_USUAL), "Old: holiday greeting", (("status", "solved"),), active=False
)
MACROS = (
    *(Macro(FIRST_MACRO + place, title, acts) for place, (title, acts) in enumerate(_USUAL)),
    _OLD,
)
