"""Running: send the plan's batches, settle them from Zendesk's results, and look again where those say nothing."""

from itertools import islice

from flask import current_app

from app.models import Job, JobStatus
from app.services import budget, permissions, writing_stop
from app.services.engine import filled_in, flight, overlap, settling
from app.services.engine.book import LedgerBook
from app.services.engine.lease import Lease, fenced
from app.services.engine.outgoing import Outgoing
from app.services.engine.pace import Pace
from app.services.engine.reconcile import Reconciler
from app.services.engine.status import over, paused
from app.services.recipe import Recipe
from app.services.waits import Wait, WaitReason
from app.zendesk.batches import Batch, Places
from app.zendesk.bulk import update_tickets
from app.zendesk.client import Client

OTHER_JOB_SECONDS = 2.0
STOPPED_SECONDS = 5.0  # between two looks whether all writing is stopped still
# Polls in one of Zendesk's minutes: often enough to keep the Zendesk jobs coming, and few beside what they cost.
POLLS = 40
# Bulk changes have stood in Zendesk's queue for long: so many of its minutes a lost one is waited for.
LONGEST_QUEUE_MINUTES = 15
# A Zendesk job that still says that it works after so many is not waited for any longer.
LONGEST_WORK_MINUTES = 30
MOST_JOBS_LOOKED_AT = 1000


def run(lease: Lease, client: Client, recipe: Recipe, pace: Pace) -> Wait | None:
    """Send and settle until the job is over or the slice is, or only tickets are left that must wait.

    Raises ZendeskError, LeaseLost, PlanOutdated.
    """
    job = lease.job()
    job_id = job.job_id
    if recipe.as_of != job.filled_in_as_of:
        filled_in.forget(lease, recipe.as_of)
    reconciler = _reconciler(client, job, recipe)
    outgoing = Outgoing(lease, job_id, recipe, pace)
    book = LedgerBook(lease, pace, reconciler, outgoing)
    try:
        young = _settle_and_send(client, book, job_id)
    finally:
        outgoing.put_aside()
    if not pace.may_go_on() or finish(lease):
        return None
    wait = _until_old(young) if young else None
    if not writing_stop.may_write():
        return until_lifted(job, wait)
    return wait or overlap.wait(lease, OTHER_JOB_SECONDS)


def drain(lease: Lease, client: Client, recipe: Recipe | None, pace: Pace) -> Wait | None:
    """Settle what is in flight, and send nothing more. How long to wait before more can be settled; None if all is.

    Raises as `run` does.
    """
    job = lease.job()
    book = LedgerBook(lease, pace, _reconciler(client, job, recipe))
    young = _settle_and_send(client, book, job.job_id)
    taken, _ = flight.batches(lease)
    if taken:
        return Wait.at_once()
    return _until_old(young) if young else None


def _reconciler(client: Client, job: Job, recipe: Recipe | None) -> Reconciler:
    return Reconciler(client, job.job_id, recipe, lambda: permissions.groups_of(job))


def _settle_and_send(client: Client, book: LedgerBook, job_id: str) -> list[Batch]:
    """Settle what earlier slices left in flight, and send what the book has.

    Gives the batches of which nobody knows whether Zendesk took them, and for which it is too early to look.
    """
    taken, lost = flight.batches(book.lease)
    poll_seconds = current_app.config["ZENDESK_WINDOW_SECONDS"] / POLLS
    places = budget.places(client.base_url, job_id, poll_seconds)
    _give_up_stalled(book, places, taken)
    young = _look_again(client, book, places, lost)
    update_tickets(client, book, in_flight=taken, places=places, poll_seconds=poll_seconds)
    return young


def until_lifted(job: Job, sooner: Wait | None = None) -> Wait:
    """Until writing is allowed again. Whoever allows it wakes the job, unless somebody is at it just then: so it looks
    by itself too, and `sooner` if it has something else to look at.
    """
    seconds = min(STOPPED_SECONDS, (sooner and sooner.seconds) or STOPPED_SECONDS)
    return Wait(seconds, WaitReason.WRITING_STOPPED, job.setbacks)


def _until_old(young: list[Batch]) -> Wait:
    """Until it is worth looking at the first of the batches of which nobody knows whether Zendesk took them."""
    window = current_app.config["ZENDESK_WINDOW_SECONDS"]
    wait = min(max(window - batch.age, window / 6) for batch in young)
    return Wait(wait, WaitReason.LOST_ANSWER)


def _give_up_stalled(book: LedgerBook, places: Places, taken: dict[str, Batch]) -> None:
    """Settle batches that Zendesk has, and never finishes, from the tickets as they are."""
    longest = LONGEST_WORK_MINUTES * current_app.config["ZENDESK_WINDOW_SECONDS"]
    for key, batch in list(taken.items()):
        if batch.age > longest and book.look_again(batch, is_sure=False):
            places.free(taken.pop(key).token)


def _look_again(client: Client, book: LedgerBook, places: Places, lost: list[Batch]) -> list[Batch]:
    """Settle batches of which nobody knows whether Zendesk took them. Those for which it is too early are left.

    While Zendesk may still have such a batch in its queue, the tickets do not show it.
    """
    window = current_app.config["ZENDESK_WINDOW_SECONDS"]
    old = [batch for batch in lost if batch.age > window]
    queued = bool(old) and _may_be_queued(client)
    left = [batch for batch in lost if batch not in old]
    for batch in old:
        is_due = not queued or batch.age > LONGEST_QUEUE_MINUTES * window
        if is_due and book.look_again(batch, is_sure=not queued):
            places.free(batch.token)
        else:
            left.append(batch)
    return left


def _may_be_queued(client: Client) -> bool:
    """Has Zendesk a job that is not over, and that is none of those that we know to be ours, whichever job sent it?"""
    ours = flight.zendesk_jobs()
    listed = islice(client.job_status_list(), MOST_JOBS_LOOKED_AT)
    return any(not job.is_over and job.id not in ours for job in listed)


@fenced
def finish(_lease: Lease, job: Job) -> bool:
    """End the job if nothing is left to do. False if something is."""
    if not flight.is_clear(job):
        return False
    if job.state is JobStatus.CANCELLING:
        settling.drop_the_rest(job)
        return over(job, JobStatus.CANCELLED)
    if job.state is JobStatus.PAUSING and job.planned_count:
        return paused(job)
    return not job.planned_count and over(job, JobStatus.COMPLETED)
