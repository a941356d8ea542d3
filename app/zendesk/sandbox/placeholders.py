"""Placeholders in macros: `{{ticket.requester.first_name | default: "there"}}` and the like.

Zendesk does not publish how it renders edge cases. Here what is missing or unknown is empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from .clock import to_iso
from .directory import Directory, organization_name
from .fields import brand_to_json
from .people import Person
from .ticket import Ticket

_PLACEHOLDER = re.compile(r"\{\{\s*([\w.\-]+)\s*((?:\|[^}]*)?)\}\}")
_FILTER = re.compile(r"""\|\s*(\w+)\s*(?::\s*(?:"([^"]*)"|'([^']*)'))?""")
_PLAIN_FILTERS: dict[str, Callable[[str], str]] = {
    "upcase": str.upper,
    "downcase": str.lower,
    "capitalize": str.capitalize,
    "strip": str.strip,
    "escape": escape,
}


@dataclass(frozen=True)
class Scene:
    """What a text may speak of: a ticket, and whoever applies the macro to it."""

    ticket: Ticket
    person: Person
    directory: Directory
    base_url: str

    def render(self, text: str, html: bool = False) -> str:
        """The text with its placeholders filled in, escaped where it is HTML."""

        def filled(found: re.Match[str]) -> str:
            value = _filtered(self._value(found[1]), found[2])
            return escape(value) if html else value

        return _PLACEHOLDER.sub(filled, text)

    def _value(self, path: str) -> str:
        subject, _, name = path.partition(".")
        if subject == "current_user":
            return _of_person(self.person, name)
        return self._of_ticket(name) if subject == "ticket" else ""

    def _of_ticket(self, name: str) -> str:
        ticket = self.ticket
        role, _, part = name.partition(".")
        if role in ("requester", "assignee", "submitter") and part:
            number = ticket.assignee_id if role == "assignee" else ticket.requester_id
            return _of_person(self.directory.user(number), part)
        if name.startswith("ticket_field_"):
            return _of_field(ticket, name.removeprefix("ticket_field_"))
        value = {
            "id": ticket.id,
            "title": ticket.subject,
            "description": ticket.description,
            "status": ticket.status.capitalize(),
            "priority": (ticket.priority or "").capitalize(),
            "ticket_type": (ticket.type or "").capitalize(),
            "tags": " ".join(ticket.tags),
            "external_id": ticket.external_id,
            "via": ticket.channel,
            "due_date": ticket.due_at,
            "created_at": to_iso(ticket.created_at)[:10],
            "updated_at": to_iso(ticket.updated_at)[:10],
            "account": "Hearth & Home Devices",
            "brand.name": brand_to_json(ticket.brand_id, self.base_url)["name"],
            "link": f"{self.base_url}/agent/tickets/{ticket.id}",
            "url": f"{self.base_url.split('://')[-1]}/agent/tickets/{ticket.id}",
            "group.name": self._group_name(),
            "organization.name": organization_name(ticket.organization_id),
        }.get(name)
        return "" if value is None else str(value)

    def _group_name(self) -> str:
        group = self.directory.group(self.ticket.group_id, self.base_url)
        return group["name"] if group else ""


def _of_person(person: Person | None, name: str) -> str:
    if person is None:
        return ""
    first, _, last = person.name.partition(" ")
    return {
        "id": str(person.id),
        "name": person.name,
        "first_name": first,
        "last_name": last,
        "email": person.email,
        "role": person.role.capitalize(),
        "language": "English",
    }.get(name, "")


def _of_field(ticket: Ticket, name: str) -> str:
    """A custom field's value, or with `option_title_` the words of the option."""
    number = name.removeprefix("option_title_")
    value: Any = dict(ticket.custom_fields).get(int(number)) if number.isdigit() else None
    if value is None or value is False:
        return ""
    text = " ".join(value) if isinstance(value, list) else str(value)
    return text.replace("_", " ").capitalize() if number != name else text


def _filtered(value: str, filters: str) -> str:
    for name, double, single in _FILTER.findall(filters):
        if name == "default":
            value = value or double or single
        elif name in _PLAIN_FILTERS:
            value = _PLAIN_FILTERS[name](value)
    return value
