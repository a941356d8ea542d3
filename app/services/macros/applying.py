"""Applying a macro to many tickets: the recipe of such a job."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from app.services.asking import ask_each
from app.services.change import Change, Planned
from app.services.macros import solving
from app.services.macros.account import Account
from app.services.macros.answer import comment_of, rendered
from app.services.macros.comparison import Difference, compare
from app.services.macros.compiled import CompiledMacro, compile_macro, content_hash
from app.services.macros.lint import Circumstances, lint
from app.services.macros.names import Names, NoNames
from app.services.macros.placeholders import emptied
from app.services.reasons import Reason
from app.services.recipe import Decision, PlanOutdated, Recipe, Skip
from app.zendesk.client import Client
from app.zendesk.errors import NotFound
from app.zendesk.resources import Macro, MacroResult, Me, Ticket, TicketField

SHOWN = 5  # differences that are told in full


def prepare(
    client: Client,
    arguments: dict[str, Any],
    pinned: dict[str, Any] | None,
    *,
    names: Callable[[], Names] = NoNames,
) -> Recipe:
    """The recipe for {"macro_id"}. `pinned` is how the macro was when the plan was begun; None to begin one.

    `names` gives those of what macros have only ids of, for the sentences that people read.
    Raises PlanOutdated if the macro is gone, or does something else by now, and ZendeskError.
    """
    try:
        macro = client.macro(arguments["macro_id"])
    except NotFound:
        raise _gone(arguments["macro_id"]) from None
    application = _Application(client, macro, pinned, names)
    application.check()
    asks_zendesk = application.pinned["asks_zendesk"]
    return Recipe(
        decide=application.decide,
        doubts=application.doubts,
        notes=application.notes,
        tried=application.tried,
        complete=application.complete,
        recheck=application.recheck if asks_zendesk else None,
        as_of=macro.updated_at if asks_zendesk else None,
        pinned=application.pinned,
        macro_id=macro.id,
    )


class _Application:
    """One macro on the tickets of one job. What only planning needs is asked of Zendesk when it is first used."""

    def __init__(
        self,
        client: Client,
        macro: Macro,
        pinned: dict[str, Any] | None,
        names: Callable[[], Names],
    ):
        self.client = client
        self.macro = macro
        self._given = pinned
        self._find_names = names
        self._tried: dict[str, Any] = {}

    @cached_property
    def pinned(self) -> dict[str, Any]:
        return self._given or {
            "title": self.macro.title,
            "content_hash": self.compiled.content_hash,
            "me": self.me,
            "asks_zendesk": not self.compiled.is_local,
            "reversible": self.compiled.reversible.extent,
            "stays": list(self.compiled.reversible.why),
            "words": self.compiled.words(self.names),
            "cannot": list(self.compiled.cannot),
            "lint": [one.to_json() for one in lint(self.compiled, self._circumstances)],
            "required": {str(one.id): one.title for one in self._required},
        }

    @property
    def _circumstances(self) -> Circumstances:
        restriction = self.macro.restriction
        is_group = restriction is not None and restriction.type == "Group"
        kind = "group" if is_group else "agent"
        ids = restriction.ids if restriction else ()
        people = [self.names.of(kind, one) or f"{kind} {one}" for one in ids]
        return Circumstances(
            me=self._who.name,
            active=self.macro.active,
            for_agents=() if is_group else people,
            for_groups=people if is_group else (),
            required=[one.title for one in self._required],
        )

    @cached_property
    def names(self) -> Names:
        return self._find_names()

    @cached_property
    def _required(self) -> list[TicketField]:
        return solving.required(self.compiled.account)

    @cached_property
    def me(self) -> int:
        """The connection's user, for whom the macro's “current user” stands."""
        return self._given["me"] if self._given else self._who.id or 0

    @cached_property
    def _who(self) -> Me:
        return self.client.me()

    @cached_property
    def compiled(self) -> CompiledMacro:
        account = Account.of(self.client.ticket_fields(), self.client.custom_statuses())
        files = self.client.macro_attachments(self.macro.id)
        return compile_macro(self.macro, self.me, account, files)

    def check(self) -> None:
        """Raises PlanOutdated if the macro is not what it was."""
        before = self.pinned
        if content_hash(self.macro.actions) != before["content_hash"]:
            raise PlanOutdated(_what_changed(before, self.compiled.words(self.names)))

    def recheck(self) -> str:
        """Raises PlanOutdated if the macro is not what it was: Zendesk fills in comments from it as it is by now.

        One call for each batch, so that no customer reads what nobody has agreed to. Gives when the macro was last
        touched: it may have been something else for a moment.
        """
        try:
            macro = self.client.macro(self.macro.id)
        except NotFound:
            raise _gone(self.macro.id) from None
        _Application(self.client, macro, self.pinned, self._find_names).check()
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
        there = {one: it for one, it in answers.items() if it}
        self._tried = self._emptied(there)
        found = compare(self.compiled, tickets, there)
        return _told(found, len(tickets)) if found else []

    def notes(self, ticket: Ticket, change: Change) -> dict[str, Any]:
        """Whom its public reply goes to, and what it lacks to be solved."""
        writes = change.comment is not None and change.comment.public
        lacks = solving.empty_after(change, ticket, self._required)
        return {
            "requester_id": (ticket.requester_id or 0) if writes else None,
            "organization_id": ticket.organization_id if writes else None,
            "lacks": ",".join(map(str, lacks)) or None,
        }

    def tried(self) -> dict[str, Any]:
        return self._tried

    def _emptied(self, answers: dict[int, MacroResult]) -> dict[str, Any]:
        """On how many of the tickets each placeholder had nothing to fill in."""
        template = self.compiled.comment
        if template is None or not template.awaits_rendering:
            return {}
        filled = [comment_of(answer.comment) for answer in answers.values()]
        empty = Counter(name for comment in filled for name in emptied(template, comment))
        return {"tried": len(filled), "empty": dict(empty)}

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
