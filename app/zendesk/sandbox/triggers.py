"""Zendesk triggers, as far as tests need them: one condition and what it sets off."""

from dataclasses import dataclass, field, fields
from typing import Any

from .changes import KNOWN, Effect


@dataclass(frozen=True)
class Rule:
    """One line of the setting `triggers`: when it fires, and what it then does.

    `set` holds fields as an update names them, such as {"priority": "high"}. A trigger is not set
    off by another one.
    """

    when_tag_added: str | None = None
    when_tag_removed: str | None = None
    add_tag: str | None = None
    remove_tag: str | None = None
    set: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.when_tag_added or self.when_tag_removed):
            raise ValueError("A trigger needs when_tag_added or when_tag_removed.")
        if not self.change:
            raise ValueError("A trigger needs add_tag, remove_tag or set.")
        if unknown := self.change.keys() - KNOWN:
            raise ValueError(f"A trigger cannot set {', '.join(sorted(unknown))}.")

    @property
    def change(self) -> dict[str, Any]:
        tags = {"additional_tags": self.add_tag, "remove_tags": self.remove_tag}
        return {name: [tag] for name, tag in tags.items() if tag} | self.set

    def fires(self, done: Effect) -> bool:
        return self.when_tag_added in done.added or self.when_tag_removed in done.removed


def parsed(rules: list[dict[str, Any]]) -> tuple[Rule, ...]:
    """The triggers. ValueError, with the reason, for what is none."""
    known = {field.name for field in fields(Rule)}
    for rule in rules:
        if not isinstance(rule, dict):
            raise ValueError(f"A trigger is an object, not {rule!r}.")
        if unknown := rule.keys() - known:
            raise ValueError(f"A trigger has no {', '.join(sorted(unknown))}.")
        if not isinstance(rule.get("set", {}), dict):
            raise ValueError("A trigger's set must be an object.")
    return tuple(Rule(**rule) for rule in rules)
