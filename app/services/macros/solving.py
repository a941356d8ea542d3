"""What Zendesk wants to be filled in before a ticket may be solved: it refuses the whole update otherwise."""

from collections.abc import Sequence
from typing import Any

from app.services.change import Change, is_nothing
from app.services.macros.account import Account
from app.zendesk.resources import Ticket, TicketField

# System fields, by their type, as a ticket has them. No ticket is without a description or a status.
_OF_TICKET = {
    "assignee": "assignee_id",
    "group": "group_id",
    "priority": "priority",
    "subject": "subject",
    "tickettype": "type",
}
_ALWAYS_FILLED = frozenset({"description", "status", "custom_status"})


def required(account: Account) -> list[TicketField]:
    """The fields that the account wants, and the assignee, without whom no ticket is solved.

    Which of them a form has, and what it wants beside them, is not known here.
    """
    return [
        one
        for one in account.fields.values()
        if one.active and _is_required(one) and one.type not in _ALWAYS_FILLED
    ]


def empty_after(change: Change, ticket: Ticket, fields: Sequence[TicketField]) -> list[int]:
    """The ids of those of the fields that are empty on the ticket that the change solves."""
    if change.fields.get("status") != "solved":
        return []
    return [one.id for one in fields if is_nothing(_value(one, change, ticket))]


def _is_required(known: TicketField) -> bool:
    return known.required or known.type == "assignee"


def _value(known: TicketField, change: Change, ticket: Ticket) -> Any:
    name = _OF_TICKET.get(known.type)
    if name:
        return change.fields.get(name, getattr(ticket, name))
    return change.custom_fields.get(known.id, ticket.custom_fields.get(known.id))
