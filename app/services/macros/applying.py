"""Applying a macro to many tickets: the recipe of such a job."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from app.services.asking import ask_each
from app.services.change import Change, Planned
from app.services.macros.account import Account
from app.services.macros.answer import rendered
from app.services.macros.comparison import Difference, compare
from app.services.macros.compiled import CompiledMacro, compile_macro, content_hash
from app.services.reasons import Reason
from app.services.recipe import Decision, PlanOutdated, Recipe, Skip
from app.zendesk.client import Client
from app.zendesk.errors import NotFound
from app.zendesk.resources import Macro, MacroResult, Ticket

SHOWN = 5  # differences that are told in full


def prepare(client: Client, arguments: dict[str, Any], pinned: dict[str, Any] | None) -> Recipe:
    """The recipe for {"macro_id"}. `pinned` is how the macro was when the plan was begun; None to begin one.

    Raises PlanOutdated if the macro is gone, or does something else by now, and ZendeskError.
    """
    try:
        macro = client.macro(arguments["macro_id"])
    except NotFound:
        raise _gone(arguments["macro_id"]) from None
    application = _Application(client, macro, pinned)
    application.check()
    asks_zendesk = application.pinned["asks_zendesk"]
    return Recipe(
        decide=application.decide,
        doubts=application.doubts,
        complete=application.complete,
        recheck=application.recheck if asks_zendesk else None,
        as_of=macro.updated_at if asks_zendesk else None,
        pinned=application.pinned,
        macro_id=macro.id,
    )


class _Application:
    """One macro on the tickets of one job. What only planning needs is asked of Zendesk when it is first used."""

    def __init__(self, client: Client, macro: Macro, pinned: dict[str, Any] | None):
        self.client = client
        self.macro = macro
        self._given = pinned

    @cached_property
    def pinned(self) -> dict[str, Any]:
        return self._given or {
            "title": self.macro.title,
            "content_hash": self.compiled.content_hash,
            "me": self.me,
            "asks_zendesk": not self.compiled.is_local,
            "reversible": self.compiled.reversible.extent,
            "stays": list(self.compiled.reversible.why),
            "words": self.compiled.words(),
            "cannot": list(self.compiled.cannot),
        }

    @cached_property
    def me(self) -> int:
        """The connection's user, for whom the macro's “current user” stands."""
        return self._given["me"] if self._given else self.client.me().id or 0

    @cached_property
    def compiled(self) -> CompiledMacro:
        account = Account.of(self.client.ticket_fields(), self.client.custom_statuses())
        files = self.client.macro_attachments(self.macro.id)
        return compile_macro(self.macro, self.me, account, files)

    def check(self) -> None:
        """Raises PlanOutdated if the macro is not what it was."""
        before = self.pinned
        if content_hash(self.macro.actions) != before["content_hash"]:
            raise PlanOutdated(_what_changed(before, self.compiled.words()))

    def recheck(self) -> str:
        """Raises PlanOutdated if the macro is not what it was: Zendesk fills in comments from it as it is by now.

        One call for each batch, so that no customer reads what nobody has agreed to. Gives when the macro was last
        touched: it may have been something else for a moment.
        """
        try:
            macro = self.client.macro(self.macro.id)
        except NotFound:
            raise _gone(self.macro.id) from None
        _Application(self.client, macro, self.pinned).check()
        return macro.updated_at

    def decide(self, tickets: Sequence[Ticket]) -> Iterator[tuple[Ticket, Decision]]:
        if not self.compiled.asks_for_fields:
            return ((ticket, self.compiled.decide(ticket)) for ticket in tickets)
        return ask_each(tickets, self._decision)

    def _decision(self, ticket: Ticket) -> Decision:
        """By what Zendesk says of the ticket. Of a closed one, it need not be asked."""
        if ticket.status == "closed":
            return self.compiled.decide(ticket)
        answer = self._ask(ticket.id)
        return self.compiled.decide(ticket, answer) if answer else Skip(Reason.NOT_FOUND)

    def doubts(self, tickets: Sequence[Ticket]) -> list[str]:
        """How our reckoning of these tickets differs from Zendesk's own."""
        if self.compiled.asks_for_fields:
            return []
        answers = dict(ask_each([ticket.id for ticket in tickets], self._ask))
        found = compare(self.compiled, tickets, {one: it for one, it in answers.items() if it})
        return _told(found, len(tickets)) if found else []

    def complete(self, rows: Sequence[Planned]) -> Iterable[tuple[Planned, Decision]]:
        """With the whole comment: the macro's own, or as Zendesk fills it in for the ticket."""
        if self.pinned["asks_zendesk"]:
            return ask_each(rows, self._filled_in)
        return ((row, self._with_own_comment(row.change)) for row in rows)

    def _with_own_comment(self, change: Change) -> Change:
        return replace(change, comment=self._comment) if change.comment else change

    def _filled_in(self, row: Planned) -> Decision:
        if row.change.comment is None:
            return row.change
        answer = self._ask(row.id)
        return rendered(row.change, row, answer) if answer else Skip(Reason.NOT_FOUND)

    @cached_property
    def _comment(self) -> Any:
        """The same on all tickets, and so nothing of the account is needed to know it."""
        return compile_macro(self.macro, self.me, Account()).comment

    def _ask(self, ticket_id: int) -> MacroResult | None:
        try:
            return self.client.apply_macro_to(ticket_id, self.macro.id)
        except NotFound:
            return None


def _gone(macro_id: int) -> PlanOutdated:
    return PlanOutdated(
        f"Macro {macro_id} is gone: somebody deleted it, or no longer shares it with the connection's user.",
        "Choose another macro.",
    )


def _told(found: list[Difference], number: int) -> list[str]:
    tickets = len({one.ticket_id for one in found})
    head = (
        f"The plan was stopped: on {tickets} of {number} tickets that were tried, Zendesk would do something "
        "else with this macro than we reckoned. Nothing was changed."
    )
    more = [f"And {len(found) - SHOWN} more."] if len(found) > SHOWN else []
    return [head, *(one.sentence for one in found[:SHOWN]), *more]


def _what_changed(before: dict[str, Any], now: list[str]) -> str:
    gone = [words for words in before["words"] if words not in now]
    new = [words for words in now if words not in before["words"]]
    parts = [
        f"{label}: {'; '.join(words).rstrip('.')}."
        for label, words in (("No longer", gone), ("New", new))
        if words
    ] or ["Its actions are in another order."]
    return f"The macro “{before['title']}” was changed after the plan was made. {' '.join(parts)}"
