"""What an update does to a ticket, by Zendesk's rules."""

from dataclasses import dataclass, field
from typing import Any

from .fields import ASSIGNEE_FIELD, CUSTOM_FIELDS, RESOLUTION_FIELD, STATUSES_BY_ID, SYSTEM_FIELDS
from .markup import as_text
from .ticket import CUSTOM_STATUSES, PRIORITIES, STATUSES, TYPES, Ticket, clean_tags

TAG_CHANGES = frozenset({"additional_tags", "remove_tags"})
# They say something about the update; they are no part of the ticket.
ABOUT_THE_UPDATE = frozenset(
    {"id", "safe_update", "updated_stamp", "metadata", "macro_id", "macro_ids"}
)
_CHOICES = {"status": STATUSES, "priority": PRIORITIES, "type": TYPES}
_IDS = frozenset({"group_id", "assignee_id", "requester_id", "organization_id"})
_FORM_IDS = frozenset({"ticket_form_id", "brand_id"})
_TEXTS = frozenset({"external_id", "due_at"})
_FOLLOWERS = frozenset({"followers", "follower_ids", "collaborator_ids"})
# Zendesk takes them, and this help desk has nothing that they could change.
_WITHOUT_EFFECT = frozenset(
    {"email_ccs", "additional_collaborators", "attribute_value_ids", "sharing_agreement_ids"}
)
KNOWN = (
    TAG_CHANGES
    | ABOUT_THE_UPDATE
    | _IDS
    | _FORM_IDS
    | _TEXTS
    | _FOLLOWERS
    | _WITHOUT_EFFECT
    | frozenset(_CHOICES)
    | {"subject", "tags", "custom_fields", "fields", "custom_status_id", "comment"}
)


class Refused(Exception):
    """Zendesk's rules forbid the update: its words by field, as in a 422's `details`."""

    def __init__(self, name: str, *problems: str | dict[str, Any]) -> None:
        items = [{"description": said} if isinstance(said, str) else said for said in problems]
        super().__init__(" ".join(item["description"] for item in items))
        self.details = {name: items}


@dataclass(frozen=True)
class Rules:
    """What an account asks for before a ticket may be solved."""

    assignee: bool = False
    resolution: bool = False

    def check_solving(self, before: Ticket, after: Ticket) -> None:
        """Refused, all that is missing at once, where the update would solve the ticket."""
        if after.status != "solved" or before.status == "solved":
            return
        missing = []
        if self.assignee and after.assignee_id is None:
            missing.append(_required(ASSIGNEE_FIELD))
        if self.resolution and not dict(after.custom_fields).get(RESOLUTION_FIELD):
            missing.append(_required(RESOLUTION_FIELD))
        if missing:
            raise Refused("base", *missing)


def _required(field_id: int) -> dict[str, Any]:
    asked = SYSTEM_FIELDS.get(field_id) or CUSTOM_FIELDS[field_id]
    return {
        "description": f"{asked.title}: is required when solving a ticket",
        "error": "BlankValue",
        "ticket_field_id": field_id,
        "ticket_field_type": asked.class_name,
    }


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


def effect(
    ticket: Ticket,
    change: dict[str, Any],
    tags_when_closed: bool = False,
    rules: Rules = Rules(),
) -> Effect:
    """The change that the update makes. Refused where Zendesk would not make it.

    `tags_when_closed`: the ids= form of update_many adds and removes tags on closed tickets,
    which nothing else can.
    """
    wanted = change.keys() - ABOUT_THE_UPDATE
    if ticket.status == "closed" and not (tags_when_closed and wanted <= TAG_CHANGES):
        raise Refused("status", "Status: closed prevents ticket update")
    after = changed(ticket, change)
    rules.check_solving(ticket, after)
    return difference(ticket, after, _comment(change))


def changed(ticket: Ticket, change: dict[str, Any]) -> Ticket:
    """The ticket as the update leaves it, with nobody asking whether it may."""
    values = {name: change[name] for name in _CHOICES if name in change}
    values |= {name: _number(name, change[name]) for name in _IDS if name in change}
    values |= {name: _text(change[name]) for name in _TEXTS if name in change}
    values |= {
        name: _number(name, change[name]) or getattr(ticket, name)
        for name in _FORM_IDS
        if name in change
    }
    if "subject" in change:
        values["subject"] = str(change["subject"] or "")
    if "status" in change:
        values["own_status_id"] = None
    if "custom_status_id" in change:
        values |= _custom_status(change["custom_status_id"])
    for name, choices in _CHOICES.items():
        if name in values:
            _check_choice(name, values[name], choices, getattr(ticket, name))
    # Assigning a new ticket makes it open.
    if values.get("assignee_id") and values.get("status", ticket.status) == "new":
        values["status"] = "open"
    if not _FOLLOWERS.isdisjoint(change):
        values["follower_ids"] = _followers(ticket, change)
    custom_fields = _custom_fields(ticket, change)
    values["custom_fields"] = custom_fields
    tags = _tags(ticket, change)
    values["tags"] = _with_options(tags, ticket.custom_fields, custom_fields)
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


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _custom_status(value: Any) -> dict[str, Any]:
    """A custom status sets the status that is its category as well."""
    status = STATUSES_BY_ID.get(_number("custom_status_id", value) or 0)
    if status is None:
        raise Refused("custom_status_id", f"Custom status: {value} is not a valid value")
    own = None if status.id == CUSTOM_STATUSES[status.category] else status.id
    return {"status": status.category, "own_status_id": own}


def _followers(ticket: Ticket, change: dict[str, Any]) -> tuple[int, ...]:
    """Either the whole list of ids, or people to put and to delete."""
    for name in ("follower_ids", "collaborator_ids"):
        if name in change:
            return tuple(sorted({_number(name, value) or 0 for value in change[name] or []}))
    followers = set(ticket.follower_ids)
    for person in change["followers"] or []:
        number = _number("followers", person.get("user_id")) or 0
        (followers.discard if person.get("action") == "delete" else followers.add)(number)
    return tuple(sorted(followers))


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
    for item in [named] if isinstance(named, dict) else named:
        number = _number("custom_fields", item.get("id"))
        values[number] = _value(number, item.get("value"))
    return tuple((number, value) for number, value in values.items() if number is not None)


def _value(field_id: int | None, value: Any) -> Any:
    """As the field keeps it: a checkbox takes "true", and an empty text empties a field."""
    known = CUSTOM_FIELDS.get(field_id or 0)
    if known and known.type == "checkbox":
        return value in (True, "true", "1", 1)
    if known and known.options and isinstance(value, list):
        return sorted(map(str, value))
    return None if known and value == "" else value


def _with_options(
    tags: tuple[str, ...],
    before: tuple[tuple[int, Any], ...],
    after: tuple[tuple[int, Any], ...],
) -> tuple[str, ...]:
    """A drop-down's option is a tag as well: the former one goes and the chosen one comes."""
    if before == after:
        return tags
    chosen, former = _options(after), _options(before)
    return tuple(sorted((set(tags) - (former - chosen)) | (chosen - former)))


def _options(custom_fields: tuple[tuple[int, Any], ...]) -> set[str]:
    options: set[str] = set()
    for number, value in custom_fields:
        known = CUSTOM_FIELDS.get(number)
        if known and known.options and value:
            options |= set(value) if isinstance(value, list) else {str(value)}
    return options


def _comment(change: dict[str, Any]) -> dict[str, Any] | None:
    comment = change.get("comment")
    if isinstance(comment, str):
        comment = {"body": comment}
    if not comment or not (comment.get("body") or comment.get("html_body")):
        return None
    public = {"public": comment.get("public", True) not in (False, "false")}
    if not comment.get("html_body"):
        return {"body": comment["body"], **public}
    html = comment["html_body"]
    return {"body": as_text(str(html)), "html_body": html, **public}
