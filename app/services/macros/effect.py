"""What a macro's actions make of a ticket, as far as that is computed here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.services.change import Change
from app.services.comment import Comment
from app.services.macros.account import Account
from app.zendesk.resources import Ticket

Tags = frozenset[str]
TagStep = tuple[Callable[[Tags, Tags], Tags], Tags]


def replaced(_: Tags, tags: Tags) -> Tags:
    return tags


REPLACE, ADD, REMOVE = replaced, frozenset.union, frozenset.difference


@dataclass
class Effect:
    """The actions of one macro, taken in their order: of two that set the same field, the later one wins.

    Facts that no documentation settles, chosen here: a custom status wins over a plain one wherever it stands in the
    macro, since it sets both; options of drop-downs become tags after all tag actions were taken.
    """

    account: Account
    fields: dict[str, Any] = field(default_factory=dict)
    custom_fields: dict[int, Any] = field(default_factory=dict)
    tag_steps: list[TagStep] = field(default_factory=list)
    followers: set[int] = field(default_factory=set)
    texts: list[tuple[str, bool]] = field(default_factory=list, repr=False)  # text, is it HTML?
    text_is_open: bool = False  # Zendesk alone knows what it says on a ticket
    public: bool = True  # as Zendesk saves a comment of which nothing is said

    @property
    def comment(self) -> Comment | None:
        """The comment, with its placeholders if it has any."""
        if not self.texts:
            return None
        text, is_html = self.texts[0]
        comment = Comment(text, is_html, self.public, awaits_rendering=self.text_is_open)
        return None if comment.is_blank else comment

    def on(self, ticket: Ticket) -> Change:
        return Change.making(
            ticket,
            tags=self._tags(ticket),
            fields=self.fields | self._status(ticket),
            custom_fields=self.custom_fields,
            followers=self.followers,
            comment=self.comment,
        )

    def _tags(self, ticket: Ticket) -> Tags:
        tags = ticket.tags
        for step, named in self.tag_steps:
            tags = step(tags, named)
        return self._with_options(tags, ticket.custom_fields) if self.custom_fields else tags

    def _with_options(self, tags: Tags, before: Mapping[int, Any]) -> Tags:
        """The option that was chosen before goes, and the one chosen now comes."""
        former = self.account.tags_of(before)
        chosen = self.account.tags_of({**before, **self.custom_fields})
        return (tags - (former - chosen)) | (chosen - former)

    def _status(self, ticket: Ticket) -> dict[str, Any]:
        """The plain status and the custom one that goes with it. Assigning a new ticket makes it open."""
        status = self._plain_status(ticket)
        if status == "new" and self.fields.get("assignee_id"):
            return self._usual("open", ticket)
        if "custom_status_id" in self.fields:
            return {"status": status}
        return self._usual(status, ticket) if "status" in self.fields else {}

    def _plain_status(self, ticket: Ticket) -> str:
        if "custom_status_id" in self.fields:
            return self.account.statuses[self.fields["custom_status_id"]].category
        return self.fields.get("status", ticket.status)

    def _usual(self, status: str, ticket: Ticket) -> dict[str, Any]:
        """The plain status brings its usual custom one along, where tickets have custom ones."""
        usual = self.account.usual.get(status)
        if usual is None or ticket.custom_status_id is None:
            return {"status": status}
        return {"status": status, "custom_status_id": usual}
