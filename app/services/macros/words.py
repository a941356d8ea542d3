"""A macro's actions as somebody would say them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.services.comment import Comment
from app.services.macros.account import Account
from app.services.macros.actions import CUSTOM_FIELD
from app.services.macros.effect import Effect
from app.services.macros.names import Names
from app.services.macros.values import as_flag, tags_in


@dataclass(frozen=True)
class Reader:
    account: Account
    effect: Effect
    names: Names

    def sentences(self, actions: Iterable[tuple[str, Any]]) -> list[str]:
        """One for each action, but for the audience of a comment, which stands before its text."""
        said = [self._sentence(name, value) for name, value in actions]
        return [sentence for sentence in said if sentence]

    def _sentence(self, name: str, value: Any) -> str:
        if name.startswith(CUSTOM_FIELD):
            return self._custom_field(name.removeprefix(CUSTOM_FIELD), value)
        if name.startswith("side_conversation"):
            return "Start a side conversation (not possible in bulk)"
        known = _SENTENCES.get(name)
        return known(self, value) if known else f"“{name}”, an action that we do not know"

    def plain(self, label: str, value: Any) -> str:
        return f"Set {label} to {str(value).capitalize()}" if value else f"Empty the {label}"

    def named(self, label: str, kind: str, value: Any) -> str:
        return f"Set {label} to {self._name(kind, value)}"

    def group(self, value: Any) -> str:
        if value == "current_groups":
            return "Set group to the agent's own"
        return self.named("group", "group", value) if value else "Take the group away"

    def assignee(self, value: Any) -> str:
        return f"Assign to {self._person(value)}" if value else "Unassign"

    def follower(self, value: Any) -> str:
        return f"Add follower {self._person(value)}"

    def status(self, value: Any) -> str:
        return self.named("status", "status", value)

    def set_tags(self, value: Any) -> str:
        tags = tags_in(str(value))
        return f"Replace all tags by {', '.join(tags)}" if tags else "Remove all tags"

    def tags(self, verb: str, value: Any) -> str:
        tags = tags_in(str(value))
        return f"{verb} {'tag' if len(tags) == 1 else 'tags'} {', '.join(tags)}"

    def subject(self, value: Any) -> str:
        return f"Set subject to “{value}”"

    def comment(self, value: Any, is_html: bool) -> str:
        text = value[-1] if isinstance(value, list | tuple) and value else value
        kind = "Public reply" if self.effect.public else "Internal note"
        return f"{kind}: {Comment(str(text), is_html, self.effect.public).short}"

    def audience(self, value: Any) -> str:
        if self.effect.texts:
            return ""
        kind = "a public reply" if as_flag(value) else "an internal note"
        return f"Make the comment {kind}, which does nothing as there is no comment"

    def _custom_field(self, number: str, value: Any) -> str:
        label, known = self._name("field", number), self.account.fields.get(_number(number))
        flag = as_flag(value) if known and known.type == "checkbox" else None
        if flag is not None:
            return f"{'Tick' if flag else 'Untick'} {label}"
        if value in ("", None, []):
            return f"Empty {label}"
        options = {option.value: option.name for option in known.options} if known else {}
        chosen = value if isinstance(value, list) else [value]
        return f"Set {label} to {', '.join(options.get(str(one), str(one)) for one in chosen)}"

    def _person(self, value: Any) -> str:
        return "the connection's user" if value == "current_user" else self._name("agent", value)

    def _name(self, kind: str, value: Any) -> str:
        number = _number(value)
        return self.names.of(kind, number) or self._own_name(kind, number) or f"{kind} {value}"

    def _own_name(self, kind: str, number: int) -> str | None:
        if kind == "field" and number in self.account.fields:
            return self.account.fields[number].title
        if kind == "status" and number in self.account.statuses:
            return self.account.statuses[number].label
        return None


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else 0


_SENTENCES: dict[str, Callable[[Reader, Any], str]] = {
    "status": lambda reader, value: reader.plain("status", value),
    "type": lambda reader, value: reader.plain("type", value),
    "priority": lambda reader, value: reader.plain("priority", value),
    "custom_status_id": Reader.status,
    "group_id": Reader.group,
    "assignee_id": Reader.assignee,
    "ticket_form_id": lambda reader, value: reader.named("form", "form", value),
    "brand_id": lambda reader, value: reader.named("brand", "brand", value),
    "set_tags": Reader.set_tags,
    "current_tags": lambda reader, value: reader.tags("Add", value),
    "remove_tags": lambda reader, value: reader.tags("Remove", value),
    "subject": Reader.subject,
    "comment_value": lambda reader, value: reader.comment(value, False),
    "comment_value_html": lambda reader, value: reader.comment(value, True),
    "comment_mode_is_public": Reader.audience,
    "follower": Reader.follower,
    "cc": Reader.follower,
    "share_ticket": lambda reader, value: "Share the ticket (not possible in bulk)",
    **dict.fromkeys(
        ("set_skills", "add_skills", "remove_skills"),
        lambda reader, value: "Change the ticket's skills (not possible in bulk)",
    ),
}
