"""Macros, and tickets of every kind for them to be tried on."""

from app.zendesk.resources import Macro
from app.zendesk.sandbox.fields import (
    AWAITING_RETURN,
    ORDER_FIELD,
    PRODUCT_FIELD,
    REFUND_FIELD,
    RESOLUTION_FIELD,
    RETURNS_FORM,
    SYMPTOMS_FIELD,
    TRADE_BRAND,
    UNITS_FIELD,
    WAITING_FOR_PARTS,
)

ME = 9001  # the sandbox's admin, whose token the client has
FILLED = {
    ORDER_FIELD: "A-17",
    PRODUCT_FIELD: "kettle_k2",
    REFUND_FIELD: True,
    RESOLUTION_FIELD: "refunded",
    UNITS_FIELD: 1,
    SYMPTOMS_FIELD: ["leaking", "noise"],
}
EMPTY = {**dict.fromkeys(FILLED), REFUND_FIELD: False}
OPTIONS = ["kettle_k2", "refunded", "leaking", "noise"]

ALIVE = [
    {"status": "new", "assignee_id": None, "group_id": None, "priority": None, "type": None},
    {"status": "new", "assignee_id": 9001, "custom_fields": EMPTY},
    {"status": "open", "tags": ["refund-due", "locked", "vip"], "custom_fields": FILLED},
    {"status": "open", "tags": OPTIONS, "custom_fields": FILLED, "assignee_id": 9002},
    {"status": "pending", "own_status_id": AWAITING_RETURN, "group_id": 501, "priority": "urgent"},
    {"status": "hold", "own_status_id": WAITING_FOR_PARTS, "tags": ["clean"], "type": "problem"},
    {"status": "solved", "follower_ids": (9001, 9003), "ticket_form_id": RETURNS_FORM},
    {"status": "solved", "brand_id": TRADE_BRAND, "tags": ["b2b", "test"], "priority": "low"},
]
TICKETS = [*ALIVE, {"status": "closed", "tags": ["refund-due"]}]


def add_all(sandbox):
    """One ticket of each kind; their ids."""
    return [add(sandbox, ticket) for ticket in TICKETS]


def add(sandbox, fields):
    pairs = fields.get("custom_fields", {}).items()
    listed = [{"id": number, "value": value} for number, value in pairs]
    return sandbox.add_ticket(**fields | {"custom_fields": listed})


def macro_of(*actions, macro_id=1):
    return Macro(macro_id, "Made by a test", True, "", tuple(actions), None, "")
