"""What Zendesk itself says that a macro makes of a ticket, as a change."""

from dataclasses import replace
from html import escape
from typing import Any

from app.services.change import FIELDS, Change, Stamped
from app.services.comment import Comment
from app.services.reasons import Reason
from app.services.recipe import Decision, PlanOutdated, Skip, decided
from app.zendesk.resources import MacroComment, MacroResult, Ticket, read
from app.zendesk.resources.reading import maybe_number, maybe_text, numbers, words


class MacroChanged(PlanOutdated):
    """Zendesk's comment is not for those for whom it was planned: somebody changed the macro."""


def effect_of(answer: MacroResult, ticket: Ticket) -> Change:
    """The fields that can be written and differ from the ticket, and the comment.

    Nothing else of the answer: it is a whole ticket, most of whose keys are read-only, and what it says of sharing
    cannot be written. Raises Unreadable for an unknown shape.
    """
    return read(answer.ticket, lambda data: _change(data, answer, ticket))


def rendered(planned: Change, ticket: Stamped, answer: MacroResult) -> Decision:
    """The planned change with the comment that Zendesk has made for the ticket, and nothing else of its answer.

    A ticket that moved since the plan is left alone: its stamp would be refused. A comment that comes out empty, or is
    for another channel than the ticket's, is none. Raises MacroChanged.
    """
    if answer.ticket.get("updated_at", ticket.updated_at) != ticket.updated_at:
        return Skip(Reason.CHANGED_SINCE_PLAN)
    comment = comment_of(answer.comment)
    if comment and (planned.comment is None or comment.public != planned.comment.public):
        raise MacroChanged(
            "Zendesk's comment is for other readers than the plan said: the macro was changed after it was made."
        )
    return decided(replace(planned, comment=comment))


def comment_of(said: MacroComment | None) -> Comment | None:
    """As HTML, always: in plain text Zendesk fills in placeholders, and a customer may have written some.

    Public where nothing is said, as Zendesk saves it.
    """
    if said is None:
        return None
    html = said.html_body or escape(said.body, quote=False).replace("\n", "<br>")
    comment = Comment(html, is_html=True, public=said.public is not False)
    return None if comment.is_blank else comment


def _change(data: dict[str, Any], answer: MacroResult, ticket: Ticket) -> Change:
    return Change.making(
        ticket,
        tags=None if data.get("tags") is None else words(data, "tags"),
        fields={name: _value(data, name) for name in FIELDS if name in data},
        custom_fields=answer.custom_fields,
        followers=numbers(data, "follower_ids"),
        comment=comment_of(answer.comment),
    )


def _value(data: dict[str, Any], name: str) -> Any:
    return maybe_number(data, name) if name.endswith("_id") else maybe_text(data, name)
