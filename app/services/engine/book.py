"""The job's ledger as the book that the bulk helpers keep."""

from collections.abc import Collection
from dataclasses import replace

from app.services import writing_stop
from app.services.engine import claiming, flight, ledger, settling
from app.services.engine.lease import Lease
from app.services.engine.outgoing import Outgoing
from app.services.engine.pace import Pace
from app.services.engine.reconcile import Reconciler
from app.services.engine.verdict import AGAIN, CHANGED, Verdict, Verdicts
from app.services.reasons import Reason
from app.services.waits import WaitReason
from app.zendesk.batches import Batch, Done
from app.zendesk.errors import ZendeskError
from app.zendesk.rate_limit import Why
from app.zendesk.resources import TicketResult

# Tickets between two looks at whether the slice is over: some seconds' work, where each of them needs a call.
LOOKED_AT_ONCE = 25
UNKNOWN = Verdict.because(Reason.RESULT_UNKNOWN)
# What Zendesk says of a ticket that is no longer as the plan has it. How it is now tells what to do.
UNSURE = (Reason.CHANGED_SINCE_PLAN, Reason.CLOSED)


class LedgerBook:
    """Without `outgoing` it only settles what is in flight."""

    def __init__(
        self, lease: Lease, pace: Pace, reconciler: Reconciler, outgoing: Outgoing | None = None
    ):
        self.lease = lease
        self.pace = pace
        self.reconciler = reconciler
        self.outgoing = outgoing

    def may_go_on(self) -> bool:
        return self.pace.may_go_on() and not self.lease.is_lost

    def next_batch(self, token: str) -> Batch | None:
        while self.outgoing and self.may_go_on() and writing_stop.may_write():
            batch = self.outgoing.next_batch(token)
            if batch is None or batch.items:
                return batch
            if left := self._left_to_do(batch):
                return left
        return None

    def _left_to_do(self, batch: Batch) -> Batch | None:
        """Of a batch that goes without stamps: what nobody has done since the plan. Of our jobs, none can now.

        Raises ZendeskError.
        """
        try:
            verdicts = self.reconciler.not_yet_sent(
                flight.rows_of_batch(self.lease.job_pk, batch.token)
            )
        except ZendeskError as error:
            self.not_sent(batch, error)
            raise
        over = {one: verdict for one, verdict in verdicts.items() if verdict != AGAIN}
        flight.planned_anew(self.lease, batch, verdicts)
        if over:
            settling.settled(self.lease, [(batch, over)])
        left = tuple(one for one in batch.ticket_ids if one not in over)
        return replace(batch, ticket_ids=left) if left else None

    def held(self, why: str) -> bool:
        reason = WaitReason.TOO_MANY_JOBS if why == Why.ASKED else WaitReason.IN_FLIGHT
        return claiming.held(self.lease, reason)

    def sent(self, batch: Batch, zendesk_job_id: str) -> None:
        self._is_out(batch)
        flight.sent(self.lease, batch, zendesk_job_id)

    def not_sent(self, batch: Batch, error: ZendeskError) -> None:
        flight.returned(self.lease, batch)

    def refused(self, batch: Batch, error: ZendeskError) -> None:
        self._is_out(batch)
        verdict = Verdict.because(Reason.REFUSED, str(error))
        settling.settled(self.lease, [(batch, dict.fromkeys(batch.ticket_ids, verdict))])

    def lost(self, batch: Batch, error: ZendeskError) -> None:
        """Left as it is: a later slice looks at the tickets before anything is sent again."""
        self._is_out(batch)

    def _is_out(self, batch: Batch) -> None:
        if self.outgoing:
            self.outgoing.is_out(batch)

    def settled(self, done: list[Done]) -> None:
        """In one transaction, so that the job's counts move once for each look at Zendesk's jobs."""
        told = [(batch, _told(batch, results)) for batch, results in done]
        try:
            judged = [(batch, self._judged(batch, verdicts)) for batch, verdicts in told]
        except ZendeskError:
            self._settle_what_is_sure(told)
            raise
        settling.settled(self.lease, judged)

    def _judged(self, batch: Batch, told: Verdicts) -> Verdicts:
        unsure = [one for one in batch.ticket_ids if one not in told or _is_unsure(told[one])]
        return told | self._looked_at(unsure, told)

    def _settle_what_is_sure(self, told: list[tuple[Batch, Verdicts]]) -> None:
        """The others stay in flight, and need not take these with them should nobody ever get to look at them."""
        for batch, verdicts in told:
            sure = {one: verdict for one, verdict in verdicts.items() if not _is_unsure(verdict)}
            if sure:
                settling.settled(self.lease, [(batch, sure)])

    def look_again(self, batch: Batch, *, is_sure: bool) -> bool:
        """Settle a batch of which nobody knows whether it was sent, from the tickets themselves.

        Unless it is sure that Zendesk does not have it any more, a ticket without the change stays unknown. Piece by
        piece, since each ticket may need a call: False if the slice was over before the last.
        """
        for start in range(0, len(batch.ticket_ids), LOOKED_AT_ONCE):
            if not self.may_go_on():
                return False
            verdicts = self._looked_at(batch.ticket_ids[start : start + LOOKED_AT_ONCE], {})
            if not is_sure:
                verdicts = {
                    one: UNKNOWN if _is_undone(verdict) else verdict
                    for one, verdict in verdicts.items()
                }
            settling.settled(self.lease, [(batch, verdicts)])
        return True

    def _looked_at(self, ticket_ids: Collection[int], told: Verdicts) -> Verdicts:
        if not ticket_ids:
            return {}
        return self.reconciler.verdicts(ledger.rows_of(self.lease.job_pk, ticket_ids), told)


def _told(batch: Batch, results: dict[int, TicketResult]) -> Verdicts:
    return {one: judge(results[one]) for one in batch.ticket_ids if one in results}


def _is_undone(verdict: Verdict) -> bool:
    """Does it say that the ticket lacks the change? Zendesk may still be about to make it."""
    return verdict == AGAIN or verdict.reason is Reason.OTHER_GROUP


def _is_unsure(verdict: Verdict) -> bool:
    return verdict.reason in UNSURE


def judge(result: TicketResult) -> Verdict:
    """What a result of Zendesk's says of a ticket."""
    if result.success:
        return CHANGED
    if result.error == "UpdateConflict":
        return Verdict.because(Reason.CHANGED_SINCE_PLAN)
    return Verdict.because(_reason(result), result.details or result.error)


def _reason(result: TicketResult) -> Reason:
    """Zendesk has no closed list of these words: what is not known stands with the words themselves."""
    words = f"{result.error} {result.details}".lower()
    if "closed prevents" in words:
        return Reason.CLOSED
    if "notfound" in words or "not found" in words:
        return Reason.NOT_FOUND
    if "forbidden" in words or "accessdenied" in words or "permission" in words:
        return Reason.NO_PERMISSION
    return Reason.REFUSED
