"""How much of a macro's work can be undone, which is said before the run."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.services.macros.actions import Question
from app.services.macros.effect import Effect

# Whichever of these is set, the ticket is new no longer.
_LEAVE_NEW = frozenset({"status", "custom_status_id", "assignee_id"})


@dataclass(frozen=True)
class Reversal:
    """`extent` is fully, partly or not; `why` has a sentence for each thing that stays."""

    extent: str
    why: tuple[str, ...] = ()


def reversal_of(effect: Effect, questions: tuple[Question, ...]) -> Reversal:
    stays = list(_stays(effect, questions))
    changes_fields = bool(
        effect.fields or effect.custom_fields or effect.tag_steps or effect.followers
    )
    if not stays:
        return Reversal("fully")
    return Reversal(
        "partly" if changes_fields or _asks_for_fields(questions) else "not", tuple(stays)
    )


def _stays(effect: Effect, questions: tuple[Question, ...]) -> Iterator[str]:
    if effect.comment:
        kind = "public reply" if effect.public else "internal note"
        mail = ", nor can the e-mails that it sends" if effect.public else ""
        yield f"The {kind} cannot be taken back{mail}."
    if "priority" in effect.fields:
        yield "A ticket that had no priority keeps the new one: Zendesk never lets it be emptied."
    if not _LEAVE_NEW.isdisjoint(effect.fields):
        yield "A ticket that was new does not become new again: Zendesk never lets it."
    if _asks_for_fields(questions):
        yield "What only Zendesk knows of its effect may be more than can be taken back."


def _asks_for_fields(questions: tuple[Question, ...]) -> bool:
    return any(not question.of_text for question in questions)
