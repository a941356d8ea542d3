"""Reconciling: tell from the tickets themselves what became of those that Zendesk's results leave open."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from app.services.asking import ask_each
from app.services.engine.look import Look, OwnLook, SharedLook
from app.services.engine.mark import is_ours
from app.services.engine.row import Row
from app.services.engine.verdict import CHANGED, Verdict, Verdicts
from app.services.reasons import Reason
from app.services.recipe import Recipe
from app.zendesk.client import Client
from app.zendesk.errors import Forbidden, NotFound
from app.zendesk.resources import Ticket

# Our own update is among the newest; what is older than so many audits was there before it.
AUDITS_LOOKED_AT = 300
NOTHING_TOLD: Mapping[int, Verdict] = {}


class Reconciler:
    """Looks at the tickets of one job. `recipe` is None where the job's own could not be made any more.

    `groups` gives those whose tickets the job's owner may choose at that moment, None for all. It is asked only where
    there are tickets to look at.
    """

    def __init__(
        self,
        client: Client,
        job_id: str,
        recipe: Recipe | None,
        groups: Callable[[], frozenset[int] | None] = lambda: None,
    ):
        self.client = client
        self.job_id = job_id
        self.recipe = recipe
        self.groups = groups

    def verdicts(self, rows: Iterable[Row], told: Mapping[int, Verdict] = NOTHING_TOLD) -> Verdicts:
        """What became of each ticket that was, or may have been, sent; PLANNED if it surely was not written.

        `told` is what Zendesk's results say of some of them: that they moved, or are closed. Whoever asks has made sure
        that Zendesk is not still at it. Raises ZendeskError.
        """
        asked = {row.ticket_id: row for row in rows}
        tickets = self.client.tickets(asked) if asked else {}
        groups = self.groups() if tickets else None
        looks = [
            self._look(row, tickets[one], told.get(one), groups)
            for one, row in asked.items()
            if one in tickets
        ]
        gone = dict.fromkeys(asked, Verdict.because(Reason.NOT_FOUND))
        seen = {look.row.ticket_id: look.verdict for look in looks}
        return gone | seen | self._by_history([look for look in looks if look.may_be_ours])

    def not_yet_sent(self, rows: Iterable[Row]) -> Verdicts:
        """What there is to say of tickets that are about to be sent what all are sent; PLANNED if they are to be.

        Raises ZendeskError.
        """
        asked = {row.ticket_id: row for row in rows}
        tickets = self.client.tickets(asked) if asked else {}
        gone = dict.fromkeys(asked, Verdict.because(Reason.NOT_FOUND))
        groups = self.groups() if tickets else None
        looks = (
            SharedLook(asked[one], ticket, None, self.recipe, groups=groups)
            for one, ticket in tickets.items()
        )
        return gone | {look.row.ticket_id: look.verdict_before_sending for look in looks}

    def _look(
        self, row: Row, ticket: Ticket, said: Verdict | None, groups: frozenset[int] | None
    ) -> Look:
        if row.payload_key is None:
            return OwnLook(row, ticket, said, groups=groups)
        return SharedLook(row, ticket, said, self.recipe, groups=groups)

    def _by_history(self, looks: list[Look]) -> Verdicts:
        """Of those tickets whose history tells of an update by this job, or that we may not see the history of."""
        if not looks:
            return {}
        me = self.client.me().id
        asked = ask_each(looks, lambda look: self._told_by_history(look, me))
        return {look.row.ticket_id: verdict for look, verdict in asked if verdict}

    def _told_by_history(self, look: Look, user: int | None) -> Verdict | None:
        row, me = look.row, user if look.may_be_unmarked else None
        try:
            audits = islice(self.client.audits(row.ticket_id, newest_first=True), AUDITS_LOOKED_AT)
            was_us = any(is_ours(audit, row, self.job_id, me) for audit in audits)
        except NotFound:  # it was deleted since it was read
            return None
        except Forbidden as error:
            if not error.name:  # no answer of Zendesk's API: it may pass
                raise
            return Verdict.because(Reason.RESULT_UNKNOWN, str(error))
        return CHANGED if was_us else None
