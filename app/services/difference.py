"""What a row of the ledger changes on its ticket, as people read it: before and after."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.models import JobTicket
from app.services.change import is_nothing
from app.services.macros import Names, NoNames

SHOWN = 200  # characters of a value
# Those that are written as names, or as ids that stand for one.
LABELS = {
    "status": "Status",
    "custom_status_id": "Custom status",
    "type": "Type",
    "priority": "Priority",
    "group_id": "Group",
    "assignee_id": "Assignee",
    "ticket_form_id": "Form",
    "brand_id": "Brand",
    "subject": "Subject",
}
# What the ids of each of these are of, as `Names` calls it.
KINDS = {
    "custom_status_id": "status",
    "group_id": "group",
    "assignee_id": "agent",
    "ticket_form_id": "form",
    "brand_id": "brand",
}
WORDS = frozenset({"status", "type", "priority"})  # of Zendesk's own, which it shows with a capital


@dataclass(frozen=True)
class Part:
    """A field's value before and after. None stands for nothing."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Parts:
    """Of something that a ticket has several of: those that stay, come and go."""

    kept: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """The beginning of a comment. `awaits_rendering`: Zendesk fills in its placeholders for each ticket."""

    text: str
    public: bool
    awaits_rendering: bool

    @property
    def label(self) -> str:
        return "Public reply" if self.public else "Internal note"


@dataclass(frozen=True)
class Difference:
    tags: Parts
    fields: list[Part]
    followers: Parts
    comment: Said | None


def has_ids(row: JobTicket) -> bool:
    """Has it anything that people know by its name?"""
    named = {*KINDS, "custom_fields", "followers"}
    return row.after is not None and not named.isdisjoint(row.after)


def difference(row: JobTicket, names: Names | None = None) -> Difference | None:
    """None for a ticket that the plan leaves alone. Ids stand where a name is not known."""
    if row.after is None:
        return None
    before, after, names = row.before or {}, row.after, names or NoNames()
    return Difference(
        _parts(before, after, "tags"),
        [*_fields(before, after, names), *_custom_fields(before, after, names)],
        _named(_parts(before, after, "followers"), names),
        _said(after.get("comment")),
    )


def _parts(before: dict[str, Any], after: dict[str, Any], name: str) -> Parts:
    if name not in after:
        return Parts()
    old, new = (set(map(str, one.get(name) or ())) for one in (before, after))
    return Parts(sorted(old & new), sorted(new - old), sorted(old - new))


def _fields(before: dict[str, Any], after: dict[str, Any], names: Names) -> Iterator[Part]:
    for name, label in LABELS.items():
        if name in after:
            old, new = (_name(one.get(name), KINDS.get(name), names) for one in (before, after))
            yield Part(label, _text(old, name), _text(new, name))


def _custom_fields(before: dict[str, Any], after: dict[str, Any], names: Names) -> Iterator[Part]:
    old = before.get("custom_fields") or {}
    for number, value in (after.get("custom_fields") or {}).items():
        known = _name(number, "field", names)
        label = known if known != number else f"Field {number}"
        yield Part(label, _text(old.get(number)), _text(value))


def _named(parts: Parts, names: Names) -> Parts:
    """People by their names."""
    lists = (parts.kept, parts.added, parts.removed)
    return Parts(*([str(_name(one, "agent", names)) for one in people] for people in lists))


def _name(value: Any, kind: str | None, names: Names) -> Any:
    """The name of what has this id, or else the value as it is."""
    number = str(value) if kind else ""
    known = names.of(kind, int(number)) if kind and number.isascii() and number.isdigit() else None
    return known or value


def _text(value: Any, name: str = "") -> str | None:
    if isinstance(value, bool):
        return "ticked" if value else "not ticked"
    if is_nothing(value):
        return None
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = text.capitalize() if name in WORDS else text
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _said(comment: dict[str, Any] | None) -> Said | None:
    if comment is None:
        return None
    return Said(comment["text"], comment["public"], comment.get("awaits_rendering", False))
