"""The help desk's ticket fields, custom statuses, forms and brands."""

from dataclasses import dataclass
from typing import Any

from .ticket import BRAND_ID, CUSTOM_STATUSES, DELETED, FORM_ID, PRIORITIES, STATUSES, TYPES
from .words import PRODUCTS

ORDER_FIELD, PRODUCT_FIELD, REFUND_FIELD = 360_001, 360_002, 360_003
RESOLUTION_FIELD, REGION_FIELD, UNITS_FIELD, BOUGHT_FIELD, SYMPTOMS_FIELD = range(360_004, 360_009)
ASSIGNEE_FIELD = 360_057
RETURNS_FORM, TRADE_BRAND = FORM_ID + 1, BRAND_ID + 1
RESOLUTIONS = ("replaced", "repaired", "refunded", "explained", "no_answer", "duplicate")
REGIONS = ("north", "south", "east", "west", "overseas")
SYMPTOMS = ("no_power", "leaking", "overheating", "app_trouble", "noise")
_SYSTEM_OPTIONS = {"status": STATUSES[:-1], "priority": PRIORITIES, "tickettype": TYPES}
_MADE, _CHANGED = "2024-02-01T09:00:00Z", "2026-01-12T09:00:00Z"


@dataclass(frozen=True)
class Field:
    """`options` are tags: whoever chooses one also puts that tag on the ticket."""

    id: int
    type: str
    title: str
    options: tuple[str, ...] = ()
    custom: bool = True

    @property
    def class_name(self) -> str:
        """As errors call the type."""
        return f"Field{self.type.capitalize()}"

    def to_json(self, base_url: str) -> dict[str, Any]:
        content = {
            "url": f"{base_url}/api/v2/ticket_fields/{self.id}.json",
            "id": self.id,
            "type": self.type,
            "title": self.title,
            "raw_title": self.title,
            "description": self.title,
            "raw_description": self.title,
            "position": self.id - 360_000,
            "active": True,
            "required": self.id == RESOLUTION_FIELD or self.type in ("subject", "description"),
            "collapsed_for_agents": False,
            "regexp_for_validation": None,
            "title_in_portal": self.title,
            "raw_title_in_portal": self.title,
            "visible_in_portal": not self.custom,
            "editable_in_portal": False,
            "required_in_portal": False,
            "agent_can_edit": True,
            "tag": None,
            "created_at": _MADE,
            "updated_at": _CHANGED,
            "removable": self.custom,
            "agent_description": None,
        }
        if self.type in ("tagger", "multiselect"):
            content["custom_field_options"] = [self._option(place) for place in self.places]
        if values := _SYSTEM_OPTIONS.get(self.type):
            options = [{"name": value.capitalize(), "value": value} for value in values]
            content |= {"system_field_options": options, "sub_type_id": 0}
        if self.type == "custom_status":
            statuses = STATUSES_BY_ID.values()
            content["custom_statuses"] = [status.to_json(base_url) for status in statuses]
        return content

    @property
    def places(self) -> range:
        return range(len(self.options))

    def _option(self, place: int) -> dict[str, Any]:
        value = self.options[place]
        name = value.replace("_", " ").capitalize()
        number = self.id * 100 + place
        return {"id": number, "name": name, "raw_name": name, "value": value, "default": False}


def product_tag(product: str) -> str:
    return product.lower().replace(" ", "_")


CUSTOM_FIELDS = {
    field.id: field
    for field in (
        Field(ORDER_FIELD, "text", "Order number"),
        Field(PRODUCT_FIELD, "tagger", "Product", tuple(map(product_tag, PRODUCTS))),
        Field(REFUND_FIELD, "checkbox", "Refund due"),
        Field(RESOLUTION_FIELD, "tagger", "Resolution", RESOLUTIONS),
        Field(REGION_FIELD, "text", "Region"),
        Field(UNITS_FIELD, "integer", "Units affected"),
        Field(BOUGHT_FIELD, "date", "Bought on"),
        Field(SYMPTOMS_FIELD, "multiselect", "Symptoms", SYMPTOMS),
    )
}
_SYSTEM_TYPES = {
    "subject": "Subject",
    "description": "Description",
    "status": "Status",
    "tickettype": "Type",
    "priority": "Priority",
    "group": "Group",
    "custom_status": "Ticket status",
    "assignee": "Assignee",
}
SYSTEM_FIELDS = {
    360_050 + place: Field(360_050 + place, kind, title, custom=False)
    for place, (kind, title) in enumerate(_SYSTEM_TYPES.items())
}
ALL_FIELDS = {**SYSTEM_FIELDS, **CUSTOM_FIELDS}


@dataclass(frozen=True)
class CustomStatus:
    """An account's own name for one of the six statuses, its category."""

    id: int
    category: str
    label: str
    default: bool = False

    def to_json(self, base_url: str) -> dict[str, Any]:
        return {
            "url": f"{base_url}/api/v2/custom_statuses/{self.id}.json",
            "id": self.id,
            "status_category": self.category,
            "agent_label": self.label,
            "raw_agent_label": self.label,
            "end_user_label": self.label,
            "raw_end_user_label": self.label,
            "description": self.label,
            "raw_description": self.label,
            "end_user_description": self.label,
            "raw_end_user_description": self.label,
            "active": True,
            "default": self.default,
            "created_at": _MADE,
            "updated_at": _CHANGED,
        }


WAITING_FOR_PARTS, WITH_ENGINEERING, AWAITING_RETURN, MADE_GOOD = range(7_011, 7_015)
STATUSES_BY_ID = {
    status.id: status
    for status in (
        *(
            CustomStatus(number, name, name.capitalize(), default=True)
            for name, number in CUSTOM_STATUSES.items()
            if name != DELETED
        ),
        CustomStatus(WAITING_FOR_PARTS, "hold", "Waiting for parts"),
        CustomStatus(WITH_ENGINEERING, "open", "With engineering"),
        CustomStatus(AWAITING_RETURN, "pending", "Awaiting the return"),
        CustomStatus(MADE_GOOD, "solved", "Made good"),
    )
}

_FORM_NAMES = {FORM_ID: "Anything else", RETURNS_FORM: "Returns and repairs"}
_BRAND_NAMES = {BRAND_ID: "Hearth & Home Devices", TRADE_BRAND: "Hearth Trade"}


def form_to_json(form_id: int, base_url: str) -> dict[str, Any]:
    name = _FORM_NAMES[form_id]
    return {
        "url": f"{base_url}/api/v2/ticket_forms/{form_id}.json",
        "id": form_id,
        "name": name,
        "raw_name": name,
        "display_name": name,
        "raw_display_name": name,
        "position": form_id - FORM_ID + 1,
        "active": True,
        "default": form_id == FORM_ID,
        "end_user_visible": True,
        "in_all_brands": True,
        "restricted_brand_ids": [],
        "ticket_field_ids": list(ALL_FIELDS),
        "agent_conditions": [],
        "end_user_conditions": [],
        "created_at": _MADE,
        "updated_at": _CHANGED,
    }


def brand_to_json(brand_id: int, base_url: str) -> dict[str, Any]:
    return {
        "url": f"{base_url}/api/v2/brands/{brand_id}.json",
        "id": brand_id,
        "name": _BRAND_NAMES[brand_id],
        "brand_url": base_url,
        "subdomain": "sandbox" if brand_id == BRAND_ID else "sandbox-trade",
        "host_mapping": None,
        "has_help_center": False,
        "help_center_state": "disabled",
        "active": True,
        "default": brand_id == BRAND_ID,
        "is_deleted": False,
        "logo": None,
        "ticket_form_ids": list(_FORM_NAMES),
        "signature_template": "{{agent.signature}}",
        "created_at": _MADE,
        "updated_at": _CHANGED,
    }


FORMS, BRANDS = tuple(_FORM_NAMES), tuple(_BRAND_NAMES)
