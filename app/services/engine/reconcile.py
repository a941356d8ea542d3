"""Reconciling: tell from the tickets themselves what became of those of which Zendesk said nothing, or “conflict”."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.services.engine.row import Row
from app.services.engine.verdict import AGAIN, CHANGED, Verdict
from app.services.reasons import Reason
from app.services.recipe import Recipe
from app.zendesk.client import Client
from app.zendesk.errors import NotFound
from app.zendesk.resources import Audit, Ticket

# A ticket that is sent again and again, and never becomes what it should, has something working against us.
MOST_ATTEMPTS = 5
# Our own update is among the newest; what is older than so many audits was there before it.
AUDITS_LOOKED_AT = 300
# In a ticket's audit, the update's own metadata. A job writes a ticket once, so its id tells all there is to know.
TOKEN = "giga_tools"  # noqa: S105 - the name of a mark that everybody may see


def mark(job_id: str) -> dict[str, Any]:
    """What an update carries, so that the ticket's history tells which job made it."""
    return {"metadata": {TOKEN: job_id}}


@dataclass(frozen=True)
class Reconciler:
    """Looks at the tickets of one job. `recipe` is None where the job's own could not be made any more."""

    client: Client
    job_id: str
    recipe: Recipe | None

    def verdicts(self, rows: Iterable[Row]) -> dict[int, Verdict]:
        """What became of each ticket that was, or may have been, sent; AGAIN if it surely was not written.

        Whoever asks has made sure that Zendesk is not still at it. Raises ZendeskError.
        """
        asked = {row.ticket_id: row for row in rows}
        tickets = self.client.tickets(asked) if asked else {}
        return {one: self._verdict(row, tickets.get(one)) for one, row in asked.items()}

    def _verdict(self, row: Row, ticket: Ticket | None) -> Verdict:
        if ticket is None:
            return Verdict.because(Reason.NOT_FOUND)
        if row.payload_key is not None:
            return self._by_its_tags(row, ticket)
        if ticket.updated_at != row.planned_stamp:
            return self._by_its_history(row)
        return AGAIN if row.attempts < MOST_ATTEMPTS else Verdict.because(Reason.REFUSED, _UNMOVED)

    def _by_its_tags(self, row: Row, ticket: Ticket) -> Verdict:
        """A change that all tickets are sent alike may be sent twice, and shows on the ticket."""
        sent = (self.recipe.shared(row.change) if self.recipe else None) or {}
        added, removed = sent.get("additional_tags", ()), sent.get("remove_tags", ())
        if ticket.tags.issuperset(added) and ticket.tags.isdisjoint(removed):
            return CHANGED
        return AGAIN if row.attempts < MOST_ATTEMPTS else Verdict.because(Reason.RESULT_UNKNOWN)

    def _by_its_history(self, row: Row) -> Verdict:
        """The ticket has moved since the plan: was it us?"""
        try:
            audits = self.client.audits(row.ticket_id, newest_first=True)
            is_ours = any(self._is_ours(audit) for audit in islice(audits, AUDITS_LOOKED_AT))
        except NotFound:
            return Verdict.because(Reason.NOT_FOUND)
        return CHANGED if is_ours else Verdict.because(Reason.CHANGED_SINCE_PLAN)

    def _is_ours(self, audit: Audit) -> bool:
        return audit.custom.get(TOKEN) == self.job_id


_UNMOVED = "Zendesk speaks of a conflict, although nobody has changed the ticket."
