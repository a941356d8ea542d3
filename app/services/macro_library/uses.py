"""What a macro has to do with: kinds of action, custom fields, and tags."""

from collections.abc import Iterator
from typing import Any

from app.models import UseKind
from app.services.macros import Account
from app.services.macros.actions import CUSTOM_FIELD
from app.services.macros.values import as_flag, tags_in
from app.zendesk.resources import TicketField

LONGEST = 255  # of a tag, and of what a use may be

Use = tuple[UseKind, str]

PUBLIC_REPLY, INTERNAL_NOTE, SIDE, OTHER = "public_reply", "internal_note", "side", "other"
# What people choose from, in the order in which they find it.
ACTIONS = {
    PUBLIC_REPLY: "Public reply",
    INTERNAL_NOTE: "Internal note",
    "status": "Sets the status",
    "assignee_id": "Assigns or unassigns",
    "group_id": "Sets the group",
    "current_tags": "Adds tags",
    "remove_tags": "Removes tags",
    "set_tags": "Replaces all tags",
    "field": "Sets a custom field",
    "priority": "Sets the priority",
    "type": "Sets the type",
    "subject": "Sets the subject",
    "ticket_form_id": "Sets the form",
    "brand_id": "Sets the brand",
    "follower": "Adds followers",
    SIDE: "Starts a side conversation",
    "share_ticket": "Shares the ticket",
    "skills": "Changes the skills",
    OTHER: "Something else",
}
_SAME = {
    "custom_status_id": "status",
    "cc": "follower",
    "set_skills": "skills",
    "add_skills": "skills",
    "remove_skills": "skills",
}
_TAGS = ("current_tags", "remove_tags", "set_tags")


def uses_of(
    actions: tuple[tuple[str, Any], ...], *, public: bool, account: Account
) -> frozenset[Use]:
    """`public`: the comment, if there is one, is a public reply."""
    return frozenset(use for name, value in actions for use in _uses(name, value, public, account))


def _uses(name: str, value: Any, public: bool, account: Account) -> Iterator[Use]:
    if name == "comment_mode_is_public":
        return  # says whose eyes the comment is for, and does nothing by itself
    yield UseKind.ACTION, _action(name, public)
    if name in _TAGS:
        yield from ((UseKind.TAG, tag[:LONGEST]) for tag in tags_in(str(value)))
    if name.startswith(CUSTOM_FIELD):
        number = name.removeprefix(CUSTOM_FIELD)
        yield UseKind.FIELD, number[:LONGEST]
        known = account.fields.get(int(number)) if number.isascii() and number.isdigit() else None
        yield from ((UseKind.TAG, tag[:LONGEST].lower()) for tag in _brought(known, value))


def _action(name: str, public: bool) -> str:
    if name.startswith("comment_value"):
        return PUBLIC_REPLY if public else INTERNAL_NOTE
    if name.startswith("side_conversation"):
        return SIDE
    if name.startswith(CUSTOM_FIELD):
        return "field"
    name = _SAME.get(name, name)
    return name if name in ACTIONS else OTHER


def _brought(known: TicketField | None, value: Any) -> list[str]:
    """The tags that come with what the field is set to."""
    if known is None:
        return []
    if known.type == "checkbox":
        return [known.tag] if known.tag and as_flag(value) else []
    if known.type not in ("tagger", "multiselect"):
        return []
    chosen = value if isinstance(value, list) else [value]
    return [one for one in chosen if isinstance(one, str) and one]
