"""Twenty tickets of a plan computed both ways: here, and by Zendesk. A difference stops the plan."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.services.change import Change, same
from app.services.macros.actions import CUSTOM_FIELD
from app.services.macros.answer import effect_of
from app.services.macros.compiled import CompiledMacro
from app.services.recipe import Skip
from app.services.sampling import sample
from app.zendesk.resources import MacroResult, Ticket

COMPARED = 20  # tickets of a plan
AUDIENCE = "comment_mode_is_public"


@dataclasses.dataclass(frozen=True)
class Difference:
    """`ours` and `theirs` are what the field would be. It is named as in a macro; `label` is for people."""

    ticket_id: int
    field: str
    label: str
    ours: Any = dataclasses.field(repr=False, hash=False)
    theirs: Any = dataclasses.field(repr=False, hash=False)

    @property
    def sentence(self) -> str:
        ours, theirs = _quoted(self.ours), _quoted(self.theirs)
        return f"{self.label} of ticket {self.ticket_id}: {ours} by our reckoning, {theirs} by Zendesk's."


def compare(
    compiled: CompiledMacro, tickets: Sequence[Ticket], asked: Mapping[int, MacroResult]
) -> list[Difference]:
    """How the change that we compute differs from Zendesk's, on a sample of the tickets. Raises Unreadable.

    `asked` are Zendesk's answers by ticket id: those of `sample(tickets, COMPARED)`. Nothing is said of a ticket
    without an answer, of one that is closed, or of one that moved between the snapshot and the answer. A macro that
    asks for fields takes all of them from Zendesk, and so has nothing to compare.
    """
    if compiled.asks_for_fields:
        return []
    return [
        difference
        for ticket in sample(tickets, COMPARED)
        if _is_of(asked.get(ticket.id), ticket)
        for difference in _differences(compiled, ticket, asked[ticket.id])
    ]


def _is_of(answer: MacroResult | None, ticket: Ticket) -> bool:
    return answer is not None and answer.ticket.get("updated_at", "") in ("", ticket.updated_at)


def _differences(
    compiled: CompiledMacro, ticket: Ticket, answer: MacroResult
) -> Iterator[Difference]:
    decision = compiled.decide(ticket)
    if isinstance(decision, Skip) and ticket.status == "closed":
        return
    ours = Change() if isinstance(decision, Skip) else decision
    theirs = effect_of(answer, ticket)
    now = _parts(ours.before(ticket)) | _parts(theirs.before(ticket))
    our_parts = now | _parts(ours.after(ticket)) | _said(ours, compiled)
    their_parts = now | _parts(theirs.after(ticket)) | _said(theirs, compiled)
    if compiled.asks_for_text and theirs.comment is None:
        our_parts.pop(AUDIENCE, None)  # it came out empty on this ticket
    for name in our_parts | their_parts:
        if not same(our_parts.get(name), their_parts.get(name)) and _counts(compiled, name):
            label = _label(compiled, name)
            yield Difference(ticket.id, name, label, our_parts.get(name), their_parts.get(name))


def _parts(written: dict[str, Any]) -> dict[str, Any]:
    """Each custom field by itself, and the comment apart, of which a ledger has only the beginning."""
    custom_fields = written.get("custom_fields", {})
    parts = {name: written[name] for name in written if name not in ("custom_fields", "comment")}
    return parts | {f"{CUSTOM_FIELD}{number}": value for number, value in custom_fields.items()}


def _said(change: Change, compiled: CompiledMacro) -> dict[str, Any]:
    """What the comment says, unless that is asked of Zendesk anyway, and who may read it."""
    if change.comment is None:
        return {}
    audience = {AUDIENCE: "public" if change.comment.public else "internal"}
    return audience if compiled.asks_for_text else audience | {"comment": change.comment.words}


def _counts(compiled: CompiledMacro, name: str) -> bool:
    """Custom statuses say nothing where the account's are not known."""
    return name != "custom_status_id" or bool(compiled.account.statuses)


def _label(compiled: CompiledMacro, name: str) -> str:
    if name == AUDIENCE:
        return "Audience of the comment"
    number = name.removeprefix(CUSTOM_FIELD)
    known = compiled.account.fields.get(int(number)) if number != name else None
    return known.title if known else name.removesuffix("_id").replace("_", " ").capitalize()


def _quoted(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return f"“{value}”" if value not in (None, "") else "nothing"
