"""Reconciling: tell from the tickets themselves what became of those of which Zendesk said nothing, or “conflict”."""

from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from app.services.engine.mark import is_ours
from app.services.engine.row import Row
from app.services.engine.verdict import AGAIN, CHANGED, Verdict
from app.services.reasons import Reason
from app.services.recipe import Recipe
from app.zendesk.client import Client
from app.zendesk.errors import NotFound
from app.zendesk.resources import Ticket

# A ticket that is sent again and again, and never becomes what it should, has something working against us.
MOST_ATTEMPTS = 5
# Our own update is among the newest; what is older than so many audits was there before it.
AUDITS_LOOKED_AT = 300


class Reconciler:
    """Looks at the tickets of one job. `recipe` is None where the job's own could not be made any more."""

    def __init__(self, client: Client, job_id: str, recipe: Recipe | None):
        self.client = client
        self.job_id = job_id
        self.recipe = recipe

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
        moved = ticket.updated_at != row.planned_stamp
        # Zendesk's stamps are whole seconds: a ticket that was planned in the very second of our update shows none.
        if (moved or row.change.comment) and self._was_us(row):
            return CHANGED
        if moved:
            return Verdict.because(Reason.CHANGED_SINCE_PLAN)
        return AGAIN if row.attempts < MOST_ATTEMPTS else Verdict.because(Reason.REFUSED, _UNMOVED)

    def _by_its_tags(self, row: Row, ticket: Ticket) -> Verdict:
        """A change that all tickets are sent alike may be sent twice, and shows on the ticket."""
        if self.recipe is None:
            return Verdict.because(Reason.RESULT_UNKNOWN)  # what was sent cannot be told any more
        sent = self.recipe.shared(row.change) or {}
        added, removed = sent.get("additional_tags", ()), sent.get("remove_tags", ())
        if ticket.tags.issuperset(added) and ticket.tags.isdisjoint(removed):
            return CHANGED
        return AGAIN if row.attempts < MOST_ATTEMPTS else Verdict.because(Reason.RESULT_UNKNOWN)

    def _was_us(self, row: Row) -> bool:
        """Does the ticket's history tell of an update by this job?"""
        try:
            audits = islice(self.client.audits(row.ticket_id, newest_first=True), AUDITS_LOOKED_AT)
            return any(is_ours(audit, row, self.job_id, self._me) for audit in audits)
        except NotFound:  # it was deleted since it was read
            return False

    @cached_property
    def _me(self) -> int | None:
        return self.client.me().id


_UNMOVED = "Zendesk speaks of a conflict, although nobody has changed the ticket."
