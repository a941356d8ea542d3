"""Ticket fields, forms, custom statuses, brands, and the account's settings."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..answers import Answer, not_found
from ..asking import Request
from ..fields import ALL_FIELDS, BRANDS, FORMS, STATUSES_BY_ID, brand_to_json, form_to_json
from ..paging import Keyset, page
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes()


@routes.get("/ticket_fields")
def ticket_fields(sandbox: "Sandbox", request: Request) -> Answer:
    def render(number: int) -> dict[str, Any]:
        return ALL_FIELDS[number].to_json(request.base_url)

    return _list(sandbox, request, "ticket_fields", ALL_FIELDS, render)


@routes.get("/ticket_fields/{id}")
def ticket_field(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    if id not in ALL_FIELDS:
        raise not_found()
    return Answer({"ticket_field": ALL_FIELDS[id].to_json(request.base_url)})


@routes.get("/ticket_forms")
def ticket_forms(sandbox: "Sandbox", request: Request) -> Answer:
    def render(number: int) -> dict[str, Any]:
        return form_to_json(number, request.base_url)

    return _list(sandbox, request, "ticket_forms", FORMS, render)


@routes.get("/ticket_forms/{id}")
def ticket_form(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    if id not in FORMS:
        raise not_found()
    return Answer({"ticket_form": form_to_json(id, request.base_url)})


@routes.get("/custom_statuses")
def custom_statuses(sandbox: "Sandbox", request: Request) -> Answer:
    """All at once, without pages; `status_categories` narrows them."""
    asked = request.query.get("status_categories")
    categories = asked.split(",") if asked else None
    found = [
        status.to_json(request.base_url)
        for status in STATUSES_BY_ID.values()
        if categories is None or status.category in categories
    ]
    return Answer({"custom_statuses": found})


@routes.get("/custom_statuses/{id}")
def custom_status(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    if id not in STATUSES_BY_ID:
        raise not_found()
    return Answer({"custom_status": STATUSES_BY_ID[id].to_json(request.base_url)})


@routes.get("/brands")
def brands(sandbox: "Sandbox", request: Request) -> Answer:
    def render(number: int) -> dict[str, Any]:
        return brand_to_json(number, request.base_url)

    return _list(sandbox, request, "brands", BRANDS, render)


@routes.get("/brands/{id}")
def brand(sandbox: "Sandbox", request: Request, id: int) -> Answer:
    if id not in BRANDS:
        raise not_found()
    return Answer({"brand": brand_to_json(id, request.base_url)})


@routes.get("/account/settings")
def account_settings(sandbox: "Sandbox", request: Request) -> Answer:
    return Answer({"settings": _ACCOUNT_SETTINGS})


@routes.put("/account/settings")
def change_account_settings(sandbox: "Sandbox", request: Request) -> Answer:
    """Only an admin may, and nothing changes."""
    request.must_be_admin()
    return Answer({"settings": _ACCOUNT_SETTINGS})


def _list(
    sandbox: "Sandbox",
    request: Request,
    name: str,
    ids: Iterable[int],
    render: Callable[[int], dict[str, Any]],
) -> Answer:
    return Answer(page(name, sorted(ids), render, request, sandbox.settings, Keyset("id")))


_ACCOUNT_SETTINGS = {
    "active_features": {
        "user_tagging": True,
        "ticket_tagging": True,
        "business_hours": True,
        "customer_satisfaction": False,
        "side_conversations": True,
        "custom_statuses": True,
    },
    "agents": {"agent_workspace": True, "agent_home": True},
    "api": {
        "accepted_api_agreement": True,
        "api_password_access": "false",
        "api_token_access": "true",
    },
    "brands": {"default_brand_id": BRANDS[0], "require_brand_on_new_tickets": False},
    "localization": {"locale_ids": [1, 8, 16, 2, 67]},
    "tickets": {
        "assign_default_organization": True,
        "assign_tickets_upon_solve": True,
        "comments_public_by_default": True,
        "tagging": True,
        "private_attachments": False,
        "maximum_personal_views_to_list": 12,
    },
    "tickets_forms": {"raw_ticket_forms_instructions": ""},
    "users": {"tagging": True},
}
