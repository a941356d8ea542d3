"""A macro made ready for many tickets: read once, then asked about each ticket."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from app.services.comment import Comment
from app.services.macros.account import Account
from app.services.macros.actions import Actions, Question
from app.services.macros.answer import effect_of
from app.services.macros.effect import Effect
from app.services.macros.names import Names, NoNames
from app.services.macros.reversal import Reversal, reversal_of
from app.services.macros.words import Reader
from app.services.reasons import Reason
from app.services.recipe import Decision, Skip, decided
from app.zendesk.resources import Macro, MacroResult, Ticket


@dataclass(frozen=True)
class CompiledMacro:
    """`cannot` has a sentence for each thing that bulk leaves out; the rest goes without it."""

    id: int
    actions: tuple[tuple[str, Any], ...] = field(repr=False)
    account: Account = field(repr=False)
    effect: Effect = field(repr=False)
    questions: tuple[Question, ...]
    cannot: tuple[str, ...]

    @cached_property
    def content_hash(self) -> str:
        """sha256 over what the macro does, in hexadecimal. Its title and use do not matter."""
        return content_hash(self.actions)

    @property
    def is_local(self) -> bool:
        """Is all that it does computed here?"""
        return not self.questions

    @property
    def asks_zendesk(self) -> tuple[str, ...]:
        """Why Zendesk must be asked about each ticket; empty if it need not."""
        return tuple(question.why for question in self.questions)

    @property
    def asks_for_fields(self) -> bool:
        """Must Zendesk be asked before the plan is sealed, since only it knows which fields change?"""
        return any(not question.of_text for question in self.questions)

    @property
    def asks_for_text(self) -> bool:
        """Must Zendesk be asked just before a ticket is written, for what the comment says there?"""
        return any(question.of_text for question in self.questions)

    @cached_property
    def comment(self) -> Comment | None:
        return self.effect.comment

    @property
    def needs_comment(self) -> bool:
        """Does it leave a comment, or may it for all that we know? A ticket must never be sent one twice."""
        return self.comment is not None or any(one.may_comment for one in self.questions)

    @property
    def sends_public_reply(self) -> bool:
        """Will customers read its comment, or may they for all that we know?"""
        return self.needs_comment and self.effect.public

    @cached_property
    def reversible(self) -> Reversal:
        return reversal_of(self.effect, self.questions)

    def words(self, names: Names | None = None) -> list[str]:
        """Its actions as somebody would say them. Ids stand where a name is not known."""
        return Reader(self.account, self.effect, names or NoNames()).sentences(self.actions)

    def decide(self, ticket: Ticket, answer: MacroResult | None = None) -> Decision:
        """What becomes of the ticket. With Zendesk's answer where it `asks_for_fields`.

        A comment whose text Zendesk must still say awaits its rendering. Closed tickets are left alone, since Zendesk
        lets nobody change them. Without an answer it is the part that is computed here.
        """
        if ticket.status == "closed":
            return Skip(Reason.CLOSED)
        if answer is None:
            return decided(self.effect.on(ticket))
        change = effect_of(answer, ticket)
        return decided(replace(change, comment=self.comment) if self.asks_for_text else change)


def compile_macro(
    macro: Macro, me: int, account: Account, attachments: Sequence[str] = ()
) -> CompiledMacro:
    """`me` is the connection's user, who is the macro's “current user”; `attachments` are the names of its files."""
    actions = Actions(me, account, Effect(account))
    for name, value in macro.actions:
        actions.take(name, value)
    actions.finish()
    cannot = dict.fromkeys([*actions.cannot, *_about(attachments)])
    return CompiledMacro(
        macro.id, macro.actions, account, actions.effect, tuple(actions.questions), tuple(cannot)
    )


def content_hash(actions: Iterable[tuple[str, Any]]) -> str:
    """sha256 over the actions in their order, in hexadecimal."""
    text = json.dumps([[name, value] for name, value in actions], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _about(attachments: Sequence[str]) -> list[str]:
    if not attachments:
        return []
    noun = "a file" if len(attachments) == 1 else f"{len(attachments)} files"
    return [
        f"It has {noun} ({', '.join(attachments)}), which Zendesk leaves out when it is applied."
    ]
