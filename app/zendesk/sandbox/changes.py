"""What an update does to a ticket, by Zendesk's rules."""

from dataclasses import dataclass, field
from typing import Any

from .ticket import CUSTOM_STATUSES, PRIORITIES, STATUSES, TYPES, Ticket, clean_tags

TAG_CHANGES = frozenset({"additional_tags", "remove_tags"})
# They say something about the update; they are no part of the ticket.
ABOUT_THE_UPDATE = frozenset(
    {"id", "safe_update", "updated_stamp", "metadata", "macro_id", "macro_ids"}
)
_STATUS_BY_ID: dict[int | None, str] = {
    number: status for status, number in CUSTOM_STATUSES.items()
}
_CHOICES = {"status": STATUSES, "priority": PRIORITIES, "type": TYPES}
_IDS = frozenset({"group_id", "assignee_id", "requester_id", "organization_id"})
KNOWN = (
    TAG_CHANGES
    | ABOUT_THE_UPDATE
    | _IDS
    | frozenset(_CHOICES)
    | {"tags", "subject", "custom_fields", "fields", "custom_status_id", "comment"}
)


class Refused(Exception):
    """Zendesk's rules forbid the update: its words by field, as in a 422's `details`."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.details = {name: [{"description": words}]}


@dataclass
class Effect:
    """What an update would really change."""

    after: Ticket
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    fields: dict[str, list[Any]] = field(default_factory=dict)
    comment: dict[str, Any] | None = None

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.fields or self.comment)


def effect(ticket: Ticket, change: dict[str, Any], tags_when_closed: bool = False) -> Effect:
    """The change that the update makes. Refused where Zendesk would not make it.

    `tags_when_closed`: the ids= form of update_many adds and removes tags on closed tickets,
    which nothing else can.
    """
    wanted = change.keys() - ABOUT_THE_UPDATE
    if ticket.status == "closed" and not (tags_when_closed and wanted <= TAG_CHANGES):
        raise Refused("status", "Status: closed prevents ticket update")
    return difference(ticket, changed(ticket, change), _comment(change))


def changed(ticket: Ticket, change: dict[str, Any]) -> Ticket:
    """The ticket as the update leaves it, with nobody asking whether it may."""
    values = {name: change[name] for name in _CHOICES if name in change}
    values |= {name: _number(name, change[name]) for name in _IDS if name in change}
    if "subject" in change:
        values["subject"] = str(change["subject"])
    if "custom_status_id" in change:
        values["status"] = _STATUS_BY_ID.get(
            _number("custom_status_id", change["custom_status_id"])
        )
    for name, choices in _CHOICES.items():
        if name in values:
            _check_choice(name, values[name], choices, getattr(ticket, name))
    # Assigning a new ticket makes it open.
    if values.get("assignee_id") and values.get("status", ticket.status) == "new":
        values["status"] = "open"
    values["tags"] = _tags(ticket, change)
    values["custom_fields"] = _custom_fields(ticket, change)
    return ticket._replace(**values)


def difference(before: Ticket, after: Ticket, comment: dict[str, Any] | None = None) -> Effect:
    fields = {
        name: [old, new]
        for name, old, new in zip(Ticket._fields, before, after, strict=True)
        if old != new and name != "tags"
    }
    old_tags, new_tags = set(before.tags), set(after.tags)
    added, removed = sorted(new_tags - old_tags), sorted(old_tags - new_tags)
    return Effect(after, tuple(added), tuple(removed), fields, comment)


def _check_choice(name: str, value: Any, choices: tuple[str, ...], before: str | None) -> None:
    label = name.capitalize()
    if value in choices or (value is None and name != "status" and before is None):
        return
    if name == "priority" and not value:
        raise Refused(name, f"{label}: cannot be reset")
    if value is None and name == "type":
        return
    raise Refused(name, f"{label}: {value} is not a valid value")


def _number(name: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused(name, f"{name}: {value} is invalid") from None


def _tags(ticket: Ticket, change: dict[str, Any]) -> tuple[str, ...]:
    if not change.keys() & {"tags", "additional_tags", "remove_tags"}:
        return ticket.tags
    tags = set(clean_tags(change["tags"]) if "tags" in change else ticket.tags)
    tags |= set(clean_tags(change.get("additional_tags")))
    tags -= set(clean_tags(change.get("remove_tags")))
    return tuple(sorted(tags))


def _custom_fields(ticket: Ticket, change: dict[str, Any]) -> tuple[tuple[int, Any], ...]:
    """Custom fields merge by id; those not named stay. Ids may come as strings."""
    named = change.get("custom_fields", change.get("fields"))
    if named is None:
        return ticket.custom_fields
    values: dict[int | None, Any] = dict(ticket.custom_fields)
    for item in named:
        values[_number("custom_fields", item.get("id"))] = item.get("value")
    return tuple((number, value) for number, value in values.items() if number is not None)


def _comment(change: dict[str, Any]) -> dict[str, Any] | None:
    comment = change.get("comment")
    if isinstance(comment, str):
        comment = {"body": comment}
    if not comment or not (comment.get("body") or comment.get("html_body")):
        return None
    body = comment.get("body") or comment["html_body"]
    return {"body": body, "public": comment.get("public", True) not in (False, "false")}
