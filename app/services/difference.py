"""What a row of the ledger changes on its ticket, as people read it: before and after."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.models import JobTicket
from app.services.change import is_nothing

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


def difference(row: JobTicket) -> Difference | None:
    """None for a ticket that the plan leaves alone."""
    if row.after is None:
        return None
    before, after = row.before or {}, row.after
    return Difference(
        _parts(before, after, "tags"),
        [*_fields(before, after), *_custom_fields(before, after)],
        _parts(before, after, "followers"),
        _said(after.get("comment")),
    )


def _parts(before: dict[str, Any], after: dict[str, Any], name: str) -> Parts:
    if name not in after:
        return Parts()
    old, new = (set(map(str, one.get(name) or ())) for one in (before, after))
    return Parts(sorted(old & new), sorted(new - old), sorted(old - new))


def _fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Part]:
    for name, label in LABELS.items():
        if name in after:
            yield Part(label, _text(before.get(name), name), _text(after[name], name))


def _custom_fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Part]:
    old = before.get("custom_fields") or {}
    for number, value in (after.get("custom_fields") or {}).items():
        yield Part(f"Field {number}", _text(old.get(number)), _text(value))


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
