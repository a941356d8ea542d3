"""Conditions of a view as Zendesk writes them: field, operator and value."""

from collections.abc import Callable
from typing import Any

from .ticket import PRIORITIES, STATUSES, Ticket, clean_tags
from .views import Condition

_RANKS = {"status": STATUSES, "priority": PRIORITIES}
_PLAIN = frozenset(
    {"status", "priority", "type", "group_id", "assignee_id", "requester_id", "organization_id"}
    | {"ticket_form_id", "brand_id", "custom_status_id", "via_id"}
)
_CUSTOM_FIELD = "custom_fields_"


class BadCondition(Exception):
    """A field or an operator that no view has."""


def condition_of(every: list[dict[str, Any]], some: list[dict[str, Any]]) -> Condition:
    """True for tickets that meet each of the first and, if there are any, one of the others."""
    needed, alternatives = [_test(item) for item in every], [_test(item) for item in some]

    def meets(ticket: Ticket) -> bool:
        if not all(test(ticket) for test in needed):
            return False
        return not alternatives or any(test(ticket) for test in alternatives)

    return meets


def _test(item: dict[str, Any]) -> Condition:
    name, operator, value = str(item.get("field")), item.get("operator"), item.get("value")
    if name == "current_tags":
        return _tag_test(operator, value)
    read = _reader(name)
    wanted = None if value in (None, "", []) else str(value)
    if operator in ("is", "value"):
        return lambda ticket: read(ticket) == wanted
    if operator in ("is_not", "not_value"):
        return lambda ticket: read(ticket) != wanted
    if operator in ("less_than", "greater_than") and wanted and wanted in _RANKS.get(name, ()):
        return _rank_test(name, operator, wanted)
    raise BadCondition(f"{name} {operator} is not a condition")


def _tag_test(operator: Any, value: Any) -> Condition:
    tags = set(clean_tags(value))
    if operator == "includes":
        return lambda ticket: not tags.isdisjoint(ticket.tags)
    if operator == "not_includes":
        return lambda ticket: tags.isdisjoint(ticket.tags)
    raise BadCondition(f"current_tags {operator} is not a condition")


def _rank_test(name: str, operator: Any, wanted: str) -> Condition:
    ranks = {value: place for place, value in enumerate(_RANKS[name])}
    limit, sign = ranks[wanted], 1 if operator == "greater_than" else -1
    return lambda ticket: (ranks.get(getattr(ticket, name), -1) - limit) * sign > 0


def _reader(name: str) -> Callable[[Ticket], str | None]:
    if name.startswith(_CUSTOM_FIELD) and name.removeprefix(_CUSTOM_FIELD).isdigit():
        number = int(name.removeprefix(_CUSTOM_FIELD))
        return lambda ticket: _text(dict(ticket.custom_fields).get(number))
    if name == "via_id":
        return lambda ticket: ticket.channel
    if name not in _PLAIN:
        raise BadCondition(f"{name} is not a field to ask for")
    return lambda ticket: _text(getattr(ticket, name))


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
