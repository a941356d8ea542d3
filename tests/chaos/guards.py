"""The guards of the engine, each as it would be if somebody had left it out. For `tests.chaos.hand` alone."""

from typing import Any

from sqlalchemy import update

from app.extensions import db, rows_changed
from app.models import Job, JobTicket, Stage
from app.services.engine import settling
from app.services.engine.book import LedgerBook
from app.services.engine.lease import Lease, fenced
from app.services.engine.verdict import AGAIN
from app.zendesk.client import Client


def fence() -> None:
    """Write whatever the lease says, and never notice that it is lost."""

    def check(lease: Lease) -> Job:
        rows_changed(update(Job).where(Job.id == lease.job_pk).values(fence=Job.fence))
        return db.session.get_one(Job, lease.job_pk, populate_existing=True)

    Lease.check = check
    Lease._renew = lambda *_: True  # noqa: SLF001


def intent() -> None:
    """Note nothing before the call; afterwards, that it was made."""
    next_batch, sent = LedgerBook.next_batch, LedgerBook.sent

    def batch_in_mind(book: LedgerBook, token: str) -> Any:
        batch = next_batch(book, token)
        if batch is not None:
            _stage(book.lease, batch.ticket_ids, Stage.WAITING, None)
        return batch

    def sent_and_noted(book: LedgerBook, batch: Any, zendesk_job_id: str) -> None:
        _stage(book.lease, batch.ticket_ids, Stage.SENDING, batch.token)
        sent(book, batch, zendesk_job_id)

    LedgerBook.next_batch, LedgerBook.sent = batch_in_mind, sent_and_noted


def reconcile() -> None:
    """Send again what may have been sent, without a look at the tickets."""

    def send_again(book: LedgerBook, batch: Any, **_: Any) -> None:
        settling.settled(book.lease, [(batch, dict.fromkeys(batch.ticket_ids, AGAIN))])

    LedgerBook.look_again = send_again


def compare_and_set() -> None:
    """Send each ticket's change without the stamp that it was planned on."""
    update_each = Client.update_each

    def regardless(client: Client, changes: list[dict[str, Any]]) -> Any:
        stamps = {"safe_update", "updated_stamp"}
        bare = [{name: change[name] for name in change.keys() - stamps} for change in changes]
        return update_each(client, bare)

    Client.update_each = regardless


def clock() -> None:
    """Make each call, however late its turn has come."""
    Lease.may_send = lambda _: True


@fenced
def _stage(_lease: Lease, job: Job, ticket_ids: Any, stage: Stage, token: str | None) -> None:
    rows_changed(
        update(JobTicket)
        .where(JobTicket.job_id == job.id, JobTicket.ticket_id.in_(list(ticket_ids)))
        .values(stage=stage, batch_token=token)
    )


TAKEN_OUT = {one.__name__: one for one in (fence, intent, reconcile, compare_and_set, clock)}
