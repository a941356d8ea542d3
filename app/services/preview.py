"""How a plan's macro reads on single tickets: its comment as Zendesk fills it in. Nothing is saved, here or there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape, unescape

from sqlalchemy import select

from app.extensions import db
from app.models import Job, JobStatus, JobTicket, Outcome
from app.services import connection
from app.services.asking import ask_each
from app.services.comment import Comment
from app.services.connection import NotConnected
from app.services.engine.row import Row, rows_where
from app.services.macro_library.comments import plain, tidy
from app.services.macros import Account, MacroChanged, compile_macro, content_hash, rendered
from app.services.macros.placeholders import emptied
from app.services.recipe import PlanOutdated, Skip
from app.zendesk.client import Client
from app.zendesk.errors import NotFound, ZendeskError
from app.zendesk.resources import Macro, MacroResult
from app.zendesk.transport import Timeouts

TICKETS = 10  # at once
# Somebody waits in front of a page.
PATIENCE = Timeouts(connect=3.0, answer=8.0)

EDITED = (
    "The macro was edited after the plan was made, so its replies would be others. Plan it again."
)
GONE = "The macro is gone: somebody deleted it, or no longer shares it with the connection's user."

# Customers write what comments are filled in with: from no place is more looked at than up to the next tag.
_IMAGE = re.compile(r"(?is)<img\b([^<>]*)>")
_ALT = re.compile(r"""(?is)\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LINK = re.compile(r"(?is)<a\b([^<>]*)>((?:(?!<a\b).)*?)</a\s*>")
_HREF = re.compile(r"""(?is)\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True)
class Shown:
    """A ticket of the plan. `words` is the comment as it is read, line by line; empty where there is none.

    A public one goes to the requester and to so many `copies`. `empty` names placeholders with nothing to fill in.
    `left_alone` says why the ticket will not be changed after all.
    """

    ticket_id: int
    words: str = field(default="", repr=False)
    public: bool = False
    requester_id: int | None = None
    copies: int = 0
    empty: Sequence[str] = ()
    left_alone: str = ""


@dataclass(frozen=True)
class Preview:
    """`next` is the key of the page that follows; `trouble` why some or all of the tickets are not shown."""

    tickets: Sequence[Shown] = ()
    next: int | None = None
    trouble: str = ""


def possible(job: Job) -> bool:
    """Only before a macro is applied: afterwards Zendesk would show what it makes of a ticket the second time."""
    return (
        job.state is JobStatus.PLANNED and bool(job.planned_count) and "macro_id" in job.arguments
    )


def of(job: Job, *, after: int | None = None, ticket_id: int | None = None) -> Preview:
    """Of the next ten tickets that the plan will change, or of one of them. Asks Zendesk about each; commits."""
    rows, next_key = _rows(job, after, ticket_id)
    if not rows:
        none = (
            "There are no more tickets"
            if ticket_id is None
            else f"Ticket {ticket_id} is not among those"
        )
        return Preview(trouble=f"{none} that this plan will change.")
    try:
        client = connection.client(timeouts=PATIENCE)
        return replace(_asked(client, job, rows), next=next_key)
    except (PlanOutdated, NotConnected) as error:
        return Preview(trouble=str(error))
    except ZendeskError as error:
        return Preview(trouble=_refused("it", error))


def _asked(client: Client, job: Job, rows: Sequence[Row]) -> Preview:
    """What Zendesk answers before it fails, if it does. Raises PlanOutdated, ZendeskError."""
    macro, me = _macro(client, job), (job.pinned or {}).get("me", 0)
    template = compile_macro(macro, me, Account()).comment
    tickets: list[Shown] = []
    try:
        for row, answer in ask_each(rows, lambda row: _ask(client, row, macro)):
            tickets.append(_shown(row, answer, template))
    except MacroChanged:
        raise PlanOutdated(EDITED) from None
    except ZendeskError as error:
        return Preview(tickets, trouble=_refused("the rest" if tickets else "it", error))
    return Preview(tickets)


def _macro(client: Client, job: Job) -> Macro:
    """Raises PlanOutdated if it is not the one of the plan."""
    try:
        macro = client.macro(job.arguments["macro_id"])
    except NotFound:
        raise PlanOutdated(GONE) from None
    if content_hash(macro.actions) != (job.pinned or {}).get("content_hash"):
        raise PlanOutdated(EDITED)
    return macro


def _refused(what: str, error: ZendeskError) -> str:
    return f"Zendesk does not show {what} now: {str(error).rstrip('.')}. Try again in a moment."


def _rows(job: Job, after: int | None, ticket_id: int | None) -> tuple[list[Row], int | None]:
    """Those to be shown, and the key of the page that follows."""
    place = select(JobTicket.position).where(
        JobTicket.job_id == job.id, JobTicket.outcome == Outcome.PLANNED
    )
    if ticket_id is not None:
        place = place.where(JobTicket.ticket_id == ticket_id)
    elif after is not None:
        place = place.where(JobTicket.position > after)
    places = list(db.session.scalars(place.order_by(JobTicket.position).limit(TICKETS + 1)))
    shown = places[:TICKETS]
    rows = rows_where(JobTicket.job_id == job.id, JobTicket.position.in_(shown)) if shown else []
    return rows, shown[-1] if len(places) > TICKETS else None


def _ask(client: Client, row: Row, macro: Macro) -> MacroResult | None:
    try:
        return client.apply_macro_to(row.ticket_id, macro.id)
    except NotFound:
        return None


def _shown(row: Row, answer: MacroResult | None, template: Comment | None) -> Shown:
    if answer is None:
        return Shown(row.ticket_id, left_alone="There is no such ticket in Zendesk any more.")
    decision = rendered(row.change, row, answer)
    if isinstance(decision, Skip):
        return Shown(row.ticket_id, left_alone=decision.reason.sentence)
    comment = decision.comment
    if comment is None:
        return Shown(row.ticket_id)
    requester, copies = answer.ticket.get("requester_id"), answer.ticket.get("email_cc_ids")
    return Shown(
        row.ticket_id,
        words=as_read(comment),
        public=comment.public,
        requester_id=requester if isinstance(requester, int) else None,
        copies=len(copies) if isinstance(copies, list) else 0,
        empty=emptied(template, comment) if template else (),
    )


def as_read(comment: Comment) -> str:
    """The words of a comment, line by line. Pictures are named and not fetched; links show where they lead."""
    if not comment.is_html:
        return tidy(comment.text)
    return plain(_LINK.sub(_told_link, _IMAGE.sub(_told_image, comment.text)))


def _told_image(found: re.Match[str]) -> str:
    alt = _ALT.search(found[1])
    words = (alt[1] or alt[2] or "").strip() if alt else ""
    return f"[picture: {words}]" if words else "[picture]"


def _told_link(found: re.Match[str]) -> str:
    href, words = _HREF.search(found[1]), found[2]
    address = unescape(href[1] or href[2] or "").strip() if href else ""
    return f"{words} ({escape(address)})" if address not in plain(words) else words
