"""Running: send the plan's batches, settle them from Zendesk's results, and look again where those say nothing."""

from itertools import islice
from typing import Any

from flask import current_app

from app.models import Job, JobStatus
from app.services import budget, operations
from app.services.engine import ledger
from app.services.engine.lease import Lease, fenced
from app.services.engine.pace import Pace
from app.services.engine.status import over, transition
from app.services.engine.verdict import AGAIN, CHANGED, Verdict
from app.services.operations import Operation, Reason, Skip
from app.services.waits import Wait, WaitReason
from app.zendesk.bulk import Batch, update_tickets
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError
from app.zendesk.rate_limit import Places, Why
from app.zendesk.resources import Ticket, TicketResult

# A ticket that is sent again and again, and never becomes what it should, has something working against us.
MOST_ATTEMPTS = 5
OTHER_JOB_SECONDS = 2.0
# Polls in one of Zendesk's minutes: often enough to keep the Zendesk jobs coming, and few beside what they cost.
POLLS = 40
# Bulk changes have stood in Zendesk's queue for long: so many of its minutes a lost one is waited for.
LONGEST_QUEUE_MINUTES = 15
MOST_JOBS_LOOKED_AT = 1000


def run(lease: Lease, client: Client, pace: Pace) -> Wait | None:
    """Send and settle until the job is over or the slice is, or only tickets are left that must wait.

    Raises ZendeskError, LeaseLost, UnknownOperation.
    """
    book = LedgerBook(lease, client, pace)
    window = current_app.config["ZENDESK_WINDOW_SECONDS"]
    taken, lost = ledger.in_flight(lease, book.change)
    places = _places(client, book)
    young = _look_again(book, places, taken, lost)
    _settle_and_send(client, book, places, taken)
    if not pace.may_go_on() or finish(lease):
        return None
    if young:
        wait = min(max(window - batch.age, window / 6) for batch in young)
        return Wait(wait, WaitReason.LOST_ANSWER)
    return Wait(OTHER_JOB_SECONDS, WaitReason.OTHER_JOB)


def _look_again(
    book: "LedgerBook", places: Places, taken: dict[str, Batch], lost: list[Batch]
) -> list[Batch]:
    """Settle batches of which nobody knows whether Zendesk took them. Those for which it is too early are left.

    While Zendesk may still have such a batch in its queue, the tickets do not show it.
    """
    window = current_app.config["ZENDESK_WINDOW_SECONDS"]
    old = [batch for batch in lost if batch.age > window]
    queued = bool(old) and _may_be_queued(book.client, taken)
    left = [batch for batch in lost if batch not in old]
    for batch in old:
        is_sure = not queued
        if is_sure or batch.age > LONGEST_QUEUE_MINUTES * window:
            book.look_again(batch, is_sure=is_sure)
            places.free(batch.token)
        else:
            left.append(batch)
    return left


def _may_be_queued(client: Client, ours: dict[str, Batch]) -> bool:
    """Has Zendesk a job that is not over, and that is none of those that we know to be ours?"""
    listed = islice(client.job_status_list(), MOST_JOBS_LOOKED_AT)
    return any(not job.is_over and job.id not in ours for job in listed)


def drain(lease: Lease, client: Client, pace: Pace) -> None:
    """Settle what is in flight, and send nothing more. Raises as `run` does."""
    book = LedgerBook(lease, client, pace, sends=False)
    taken, _ = ledger.in_flight(lease, book.change)
    _settle_and_send(client, book, _places(client, book), taken)


def _poll_seconds() -> float:
    return current_app.config["ZENDESK_WINDOW_SECONDS"] / POLLS


def _places(client: Client, book: "LedgerBook") -> Places:
    return budget.places(client.base_url, book.job_id, _poll_seconds())


def _settle_and_send(
    client: Client, book: "LedgerBook", places: Places, taken: dict[str, Batch]
) -> None:
    update_tickets(client, book, in_flight=taken, places=places, poll_seconds=_poll_seconds())


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

    def held(self, why: str) -> bool:
        is_told = why == Why.ASKED
        return ledger.held(
            self.lease, WaitReason.TOO_MANY_JOBS if is_told else WaitReason.IN_FLIGHT
        )

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

    def look_again(self, batch: Batch, *, is_sure: bool) -> None:
        """Settle a batch of which nobody knows whether it was sent, from the tickets themselves.

        Unless it is sure that Zendesk does not have it any more, a ticket without the change stays unknown.
        """
        verdicts = self._reread(batch.ticket_ids)
        if not is_sure:
            unknown = Verdict.because(Reason.RESULT_UNKNOWN)
            verdicts = {
                one: unknown if verdict == AGAIN else verdict for one, verdict in verdicts.items()
            }
        ledger.settled(self.lease, batch, verdicts)

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
