"""What each kind of action does, and what to do about those whose effect is not known here.

The kinds and their values are those of Zendesk's actions reference, and of macros seen in real accounts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.services.macros.account import Account
from app.services.macros.effect import ADD, REMOVE, REPLACE, Effect
from app.services.macros.values import (
    Unclear,
    as_flag,
    field_value,
    has_placeholders,
    number_in,
    strange,
    tags_in,
    text_in,
)

CUSTOM_FIELD = "custom_fields_"
EVERY_CHANNEL = "channel:all"

# Macros take neither new nor closed.
STATUSES = frozenset({"open", "pending", "hold", "solved"})
_CHOICES = {
    "status": STATUSES,
    "type": frozenset({"question", "incident", "problem", "task"}),
    "priority": frozenset({"low", "normal", "high", "urgent"}),
}
_SIDE = "It starts a side conversation, and Zendesk has no way to start those on many tickets."
_SKILLS = (
    "It changes the skills that a ticket needs, and Zendesk has no way to do so on many tickets."
)
_SHARING = (
    "It shares the ticket with another account, and Zendesk has no way to do so on many tickets."
)
_NO_PRIORITY = "It empties the priority, and Zendesk never lets a priority be emptied."
_CANNOT = {
    "share_ticket": _SHARING,
    "set_skills": _SKILLS,
    "add_skills": _SKILLS,
    "remove_skills": _SKILLS,
}


@dataclass(frozen=True)
class Question:
    """Why Zendesk must be asked, ticket by ticket. `of_text`: only for what the comment says.

    `may_comment`: for all that we know, its answer may bring a comment.
    """

    why: str
    of_text: bool = False
    may_comment: bool = False


@dataclass
class Actions:
    """The actions of a macro as they are read, in order. `me` is the user whom “current user” stands for."""

    me: int
    account: Account
    effect: Effect
    questions: list[Question] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)

    def take(self, name: str, value: Any) -> None:
        if obstacle := obstacle_to(name, value):
            self.cannot.append(obstacle)
            return
        try:
            _reader_of(name)(self, name, value)
        except Unclear as unclear:
            self.questions.append(Question(str(unclear), may_comment=_may_comment(name)))

    def finish(self) -> None:
        """Ask for what the comment says where that is not plain."""
        if why := _open_text(self.effect):
            self.questions.append(Question(why, of_text=True))
            self.effect.text_is_open = True

    # One method for each kind of action

    def choose(self, name: str, value: Any) -> None:
        if not isinstance(value, str) or value not in _CHOICES[name]:
            raise strange(name)
        self.effect.fields[name] = value

    def set_custom_status(self, name: str, value: Any) -> None:
        status = self.account.statuses.get(number_in(name, value))
        if status is None or status.category not in STATUSES:
            raise strange(name)
        self.effect.fields[name] = status.id

    def set_id(self, name: str, value: Any) -> None:
        self.effect.fields[name] = number_in(name, value)

    def set_group(self, name: str, value: Any) -> None:
        if value == "current_groups":
            raise Unclear(
                "“Current groups” stands for a group of the agent, which Zendesk chooses."
            )
        self.effect.fields[name] = number_in(name, value) if value not in ("", None) else None

    def set_assignee(self, name: str, value: Any) -> None:
        self.effect.fields[name] = self._person(name, value) if value not in ("", None) else None

    def add_follower(self, name: str, value: Any) -> None:
        self.effect.followers.add(self._person(name, value))

    def change_tags(self, name: str, value: Any) -> None:
        self.effect.tag_steps.append((_TAG_STEPS[name], frozenset(tags_in(text_in(name, value)))))

    def set_subject(self, name: str, value: Any) -> None:
        self.effect.fields[name] = text_in(name, value)

    def set_custom_field(self, name: str, value: Any) -> None:
        known = self.account.fields.get(number_in(name, name.removeprefix(CUSTOM_FIELD)))
        if known is None:
            raise Unclear(f"The account has no field for “{name}”.")
        self.effect.custom_fields[known.id] = field_value(known, name, value)

    def say(self, name: str, value: Any) -> None:
        channel, text = value if _is_scoped(value) else (EVERY_CHANNEL, value)
        if not isinstance(text, str):
            raise strange(name)
        self.effect.texts.append((text, name == "comment_value_html"))
        self.effect.text_is_open |= channel != EVERY_CHANNEL

    def set_audience(self, name: str, value: Any) -> None:
        flag = as_flag(value)
        if flag is None:
            raise strange(name)
        self.effect.public = flag

    def ask(self, name: str, value: Any) -> None:
        raise Unclear(f"We do not know the action “{name}”.")

    def _person(self, name: str, value: Any) -> int:
        return self.me if value == "current_user" else number_in(name, value)


Reader = Callable[[Actions, str, Any], None]
_TAG_STEPS: dict[str, Callable[..., frozenset[str]]] = {
    "set_tags": REPLACE,
    "current_tags": ADD,
    "remove_tags": REMOVE,
}
_READERS: dict[str, Reader] = {
    **dict.fromkeys(_CHOICES, Actions.choose),
    **dict.fromkeys(_TAG_STEPS, Actions.change_tags),
    **dict.fromkeys(("ticket_form_id", "brand_id"), Actions.set_id),
    **dict.fromkeys(("follower", "cc"), Actions.add_follower),
    **dict.fromkeys(("comment_value", "comment_value_html"), Actions.say),
    "custom_status_id": Actions.set_custom_status,
    "group_id": Actions.set_group,
    "assignee_id": Actions.set_assignee,
    "subject": Actions.set_subject,
    "comment_mode_is_public": Actions.set_audience,
}


def obstacle_to(name: str, value: Any) -> str | None:
    """Why bulk cannot do this action at all, as a sentence."""
    if name.startswith("side_conversation"):
        return _SIDE
    if name == "priority" and value in ("", None):
        return _NO_PRIORITY
    return _CANNOT.get(name)


def _may_comment(name: str) -> bool:
    is_known = name in _READERS or name.startswith(CUSTOM_FIELD)
    return name.startswith("comment_") or not is_known


def _reader_of(name: str) -> Reader:
    if name.startswith(CUSTOM_FIELD):
        return Actions.set_custom_field
    return _READERS.get(name, Actions.ask)


def _open_text(effect: Effect) -> str | None:
    """Why Zendesk must say what the comment is on a ticket."""
    if any(has_placeholders(text) for text, _ in effect.texts):
        return "The comment has placeholders, which Zendesk fills in for each ticket."
    if len(effect.texts) > 1:
        return "It has several comments, and Zendesk chooses among them."
    if effect.text_is_open:
        return (
            "Its comment is for one channel only, and Zendesk decides on which tickets it stands."
        )
    return None


def _is_scoped(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2
