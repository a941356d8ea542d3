"""The values of actions: what they may be, and what a ticket keeps of them."""

from typing import Any

from app.zendesk.resources import TicketField


class Unclear(Exception):
    """Only Zendesk knows what this action does to a ticket. Its message says why."""


def tags_in(text: str) -> list[str]:
    """The tags of an action: spaces part them, and Zendesk keeps them in lower case."""
    return text.lower().split()


def as_flag(value: Any) -> bool | None:
    """Zendesk writes true and false as themselves and as texts. None for anything else."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def has_placeholders(text: str) -> bool:
    """Placeholders, dynamic content among them, and Liquid's tags."""
    return "{{" in text or "{%" in text


def field_value(known: TicketField, name: str, value: Any) -> Any:
    """As a ticket keeps it. What a multi-select's action does to the options chosen before is not published."""
    if known.type == "checkbox":
        flag = as_flag(value)
        if flag is None:
            raise strange(name)
        return flag
    text = text_in(name, value)
    if known.type == "tagger" and text and text not in {option.value for option in known.options}:
        raise strange(name)
    if known.type not in _SIMPLE_FIELDS:
        raise Unclear(f"Only Zendesk knows what “{name}” makes of a field of its type.")
    return text or None


_SIMPLE_FIELDS = frozenset({"text", "textarea", "regexp", "integer", "decimal", "date", "tagger"})


def text_in(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise strange(name)
    if has_placeholders(value):
        raise Unclear(f"“{name}” has placeholders, which Zendesk fills in for each ticket.")
    return value


def number_in(name: str, value: Any) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text)):
        raise strange(name)
    return int(text)


def strange(name: str) -> Unclear:
    return Unclear(f"We do not know the value that it gives to “{name}”.")
