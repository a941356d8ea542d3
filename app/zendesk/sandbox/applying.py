"""What a macro would make of a ticket. Nothing is saved."""

from dataclasses import dataclass, field
from html import escape
from typing import Any

from .changes import changed
from .directory import Directory, groups_of
from .macros import Macro
from .markup import as_text
from .people import Person
from .placeholders import Scene
from .ticket import Ticket

_CUSTOM_FIELD = "custom_fields_"
_COPIED = frozenset({"status", "type", "priority", "custom_status_id"})
_NUMBERS = frozenset({"ticket_form_id", "brand_id"})
_TAGS = {"set_tags": "tags", "current_tags": "additional_tags", "remove_tags": "remove_tags"}
_TRUE = frozenset({True, "true"})


@dataclass
class Outcome:
    """The change to the ticket's fields, as an update would name them, and the comment's parts."""

    change: dict[str, Any] = field(default_factory=dict)
    texts: list[tuple[str, str, str]] = field(default_factory=list)  # channel, plain, HTML
    public: bool | None = None
    followers: list[int] = field(default_factory=list)
    sharing: list[int] = field(default_factory=list)

    def comment(self) -> dict[str, Any] | None:
        if not self.texts and self.public is None:
            return None
        public = {} if self.public is None else {"public": self.public}
        if not self.texts:
            return public
        return {
            "body": self.texts[0][1],
            "html_body": self.texts[0][2],
            "scoped_body": [[channel, plain] for channel, plain, _ in self.texts],
            **public,
        }


@dataclass(frozen=True)
class Application:
    """One macro in the hands of one person. `normalize` makes paragraphs as the editor does."""

    macro: Macro
    person: Person
    directory: Directory
    base_url: str
    normalize: bool = False

    def to_nothing(self, blank: Ticket) -> dict[str, Any]:
        """Only what the macro sets. Placeholders stay as they are, since there is no ticket.

        Zendesk does not publish what tag actions give here; they act on a ticket without tags.
        """
        outcome = self._outcome(None)
        after = changed(blank, outcome.change)
        whole = after.to_json(self.base_url)
        names = {_TICKET_NAMES.get(name, name) for name in outcome.change}
        content = {name: whole[name] for name in whole if name in names}
        if "fields" in content:
            content["fields"] = _fields(outcome.change["custom_fields"], after)
        return content | self._rest(outcome, after)

    def to_ticket(self, ticket: Ticket) -> dict[str, Any]:
        """The whole ticket as it would be, and the comment."""
        outcome = self._outcome(Scene(ticket, self.person, self.directory, self.base_url))
        after = changed(ticket, outcome.change)
        if outcome.texts and outcome.public is None:
            outcome.public = True
        return after.to_json(self.base_url) | self._rest(outcome, after)

    def _rest(self, outcome: Outcome, after: Ticket) -> dict[str, Any]:
        content: dict[str, Any] = {}
        if outcome.followers:
            followers = sorted({*after.follower_ids, *outcome.followers})
            content |= {"collaborator_ids": followers, "follower_ids": followers}
        if outcome.sharing:
            content["sharing_agreement_ids"] = outcome.sharing
        comment = outcome.comment()
        return content if comment is None else content | {"comment": comment}

    def _outcome(self, scene: Scene | None) -> Outcome:
        outcome = Outcome()
        for name, value in self.macro.actions:
            self._act(outcome, name, value, scene)
        return outcome

    def _act(self, outcome: Outcome, name: str, value: Any, scene: Scene | None) -> None:
        change = outcome.change
        if name in _COPIED:
            change[name] = value
        elif name in _NUMBERS:
            change[name] = int(value)
        elif name in _TAGS:
            _add_tags(change, _TAGS[name], str(value).lower())
        elif name == "group_id":
            change[name] = groups_of(self.person)[0] if value == "current_groups" else value
        elif name == "assignee_id":
            change[name] = self._someone(value)
        elif name.startswith(_CUSTOM_FIELD):
            number = int(name.removeprefix(_CUSTOM_FIELD))
            change.setdefault("custom_fields", []).append({"id": number, "value": value})
        elif name == "subject":
            change[name] = scene.render(str(value)) if scene else value
        else:
            self._say(outcome, name, value, scene)

    def _say(self, outcome: Outcome, name: str, value: Any, scene: Scene | None) -> None:
        """Side conversations and skills are no part of a ticket, and so do nothing here."""
        if name == "comment_mode_is_public":
            outcome.public = value in _TRUE
        elif name in ("comment_value", "comment_value_html"):
            outcome.texts.append(self._text(value, name == "comment_value_html", scene))
        elif name in ("follower", "cc"):
            outcome.followers.append(int(self._someone(value)))
        elif name == "share_ticket":
            outcome.sharing.append(int(value))

    def _text(self, value: Any, is_html: bool, scene: Scene | None) -> tuple[str, str, str]:
        channel, text = value if isinstance(value, list | tuple) else ("channel:all", value)
        if not is_html:
            plain = scene.render(text) if scene else text
            return channel, plain, self._as_html(plain)
        html = scene.render(text, html=True) if scene else text
        return channel, as_text(html), html

    def _as_html(self, plain: str) -> str:
        if not self.normalize:
            return escape(plain, quote=False).replace("\n", "<br>")
        parts = escape(plain, quote=False).split("\n\n")
        return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts)

    def _someone(self, value: Any) -> Any:
        return self.person.id if value == "current_user" else value


# What an update names and a ticket shows under another name.
_TICKET_NAMES = {"additional_tags": "tags", "remove_tags": "tags", "custom_fields": "fields"}


def _add_tags(change: dict[str, Any], name: str, tags: str) -> None:
    """Tag actions of one macro build on each other: replacing forgets what came before it."""
    words = tags.split()
    if name == "tags":
        change.pop("additional_tags", None)
        change.pop("remove_tags", None)
        change["tags"] = words
        return
    other = "remove_tags" if name == "additional_tags" else "additional_tags"
    change[name] = [*change.get(name, []), *words]
    if other in change:
        change[other] = [tag for tag in change[other] if tag not in words]


def _fields(named: list[dict[str, Any]], after: Ticket) -> dict[str, Any] | list[dict[str, Any]]:
    """One field as an object, as Zendesk's example has it, and several as a list."""
    values = dict(after.custom_fields)
    numbers = dict.fromkeys(item["id"] for item in named)
    found = [{"id": number, "value": values[number]} for number in numbers]
    return found[0] if len(found) == 1 else found
