"""Running: send the plan's batches, settle them from Zendesk's results, and look again where those say nothing."""

from typing import Any

from flask import current_app

from app.models import Job, JobStatus
from app.services import budget, operations
from app.services.engine import ledger
from app.services.engine.lease import Lease, fenced
from app.services.engine.ledger import AGAIN, CHANGED, Verdict
from app.services.engine.pace import Pace
from app.services.engine.status import over, transition
from app.services.operations import Operation, Reason, Skip
from app.services.waits import Wait, WaitReason
from app.zendesk.bulk import Batch, update_tickets
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError
from app.zendesk.resources import Ticket, TicketResult

# A ticket that is sent again and again, and never becomes what it should, has something working against us.
MOST_ATTEMPTS = 5
OTHER_JOB_SECONDS = 2.0
# Polls in one of Zendesk's minutes: often enough to keep the Zendesk jobs coming, and few beside what they cost.
POLLS = 40


def run(lease: Lease, client: Client, pace: Pace) -> Wait | None:
    """Send and settle until the job is over or the slice is, or only tickets are left that must wait.

    Raises ZendeskError, LeaseLost, UnknownOperation.
    """
    book = LedgerBook(lease, client, pace)
    window = current_app.config["ZENDESK_WINDOW_SECONDS"]
    taken, lost = ledger.in_flight(lease, book.change)
    for batch in lost:
        # Earlier, Zendesk may still have the change in its queue, and the tickets would not show it.
        if batch.age > window:
            book.look_again(batch)
    _settle_and_send(client, book, taken)
    if not pace.may_go_on() or finish(lease):
        return None
    young = [window - batch.age for batch in lost if batch.age <= window]
    if young:
        return Wait(max(min(young), 0.0), WaitReason.LOST_ANSWER)
    return Wait(OTHER_JOB_SECONDS, WaitReason.OTHER_JOB)


def drain(lease: Lease, client: Client, pace: Pace) -> None:
    """Settle what is in flight, and send nothing more. Raises as `run` does."""
    book = LedgerBook(lease, client, pace, sends=False)
    taken, _ = ledger.in_flight(lease, book.change)
    _settle_and_send(client, book, taken)


def _settle_and_send(client: Client, book: "LedgerBook", taken: dict[str, Batch]) -> None:
    poll_seconds = current_app.config["ZENDESK_WINDOW_SECONDS"] / POLLS
    places = budget.places(client.base_url, book.job_id, poll_seconds)
    update_tickets(client, book, in_flight=taken, places=places, poll_seconds=poll_seconds)


@fenced
def finish(_lease: Lease, job: Job) -> bool:
    """End the job if nothing is left to do. False if something is."""
    if not ledger.is_clear(job):
        return False
    if job.state is JobStatus.CANCELLING:
        ledger.drop_the_rest(job)
        return over(job, JobStatus.CANCELLED)
    if job.state is JobStatus.PAUSING and job.planned_count:
        return transition(job.id, JobStatus.PAUSED)
    return not job.planned_count and over(job, JobStatus.COMPLETED)


class LedgerBook:
    """The job's ledger as the book that the bulk helpers keep."""

    def __init__(self, lease: Lease, client: Client, pace: Pace, *, sends: bool = True):
        job = lease.job()
        self.sends = sends
        self.is_held = False  # known to wait for a place
        self.job_id = job.job_id
        self.lease = lease
        self.client = client
        self.pace = pace
        self.operation = operations.named(job.operation)
        self.arguments = job.arguments
        self.change = self.operation.request(job.arguments)

    def may_go_on(self) -> bool:
        return self.pace.may_go_on() and not self.lease.is_lost

    def next_batch(self, token: str) -> Batch | None:
        return ledger.claim(self.lease, token, self.change) if self.sends else None

    def held(self) -> None:
        if not self.is_held:
            ledger.held(self.lease, WaitReason.IN_FLIGHT)
        self.is_held = True

    def sent(self, batch: Batch, zendesk_job_id: str) -> None:
        ledger.sent(self.lease, batch, zendesk_job_id)

    def not_sent(self, batch: Batch, error: ZendeskError) -> None:
        ledger.returned(self.lease, batch)

    def refused(self, batch: Batch, error: ZendeskError) -> None:
        verdict = Verdict.because(Reason.REFUSED, str(error))
        ledger.settled(self.lease, batch, dict.fromkeys(batch.ticket_ids, verdict))

    def lost(self, batch: Batch, error: ZendeskError) -> None:
        """Left as it is: the next slice looks at the tickets before anything is sent again."""

    def settled(self, batch: Batch, results: dict[int, TicketResult]) -> None:
        verdicts = {one: judge(results.get(one)) for one in batch.ticket_ids}
        told = {one: verdict for one, verdict in verdicts.items() if verdict is not None}
        untold = [one for one, verdict in verdicts.items() if verdict is None]
        ledger.settled(self.lease, batch, told | self._reread(untold))

    def look_again(self, batch: Batch) -> None:
        """Settle a batch of which nobody knows whether it was sent, from the tickets themselves."""
        ledger.settled(self.lease, batch, self._reread(batch.ticket_ids))

    def _reread(self, ticket_ids: Any) -> dict[int, Verdict]:
        if not ticket_ids:
            return {}
        tickets = self.client.tickets(ticket_ids)
        attempts = ledger.attempts(self.lease.job_pk, ticket_ids)
        return {
            one: compare(self.operation, self.arguments, tickets.get(one), attempts[one])
            for one in ticket_ids
        }


def judge(result: TicketResult | None) -> Verdict | None:
    """What a result of Zendesk's says of a ticket. None if it leaves open how the ticket is now."""
    if result is None or result.error == "UpdateConflict":
        return None
    if result.success:
        return CHANGED
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


def compare(
    operation: Operation, arguments: dict[str, Any], ticket: Ticket | None, attempts: int
) -> Verdict:
    """Tell from the ticket itself what became of a change that was, or may have been, sent."""
    if ticket is None:
        return Verdict.because(Reason.NOT_FOUND)
    decision = operation.decide(ticket, arguments)
    if isinstance(decision, Skip):
        is_so = decision.reason is Reason.ALREADY_SO
        return CHANGED if is_so else Verdict.because(decision.reason)
    return AGAIN if attempts < MOST_ATTEMPTS else Verdict.because(Reason.RESULT_UNKNOWN)
