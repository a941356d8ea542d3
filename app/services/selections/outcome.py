"""Tickets that had some outcome in an earlier job."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select

from app.extensions import db
from app.models import Job, JobTicket, Outcome
from app.services.engine.lease import read_apart
from app.services.selections.page import SelectionGone, SelectionPage
from app.zendesk.client import PAGE, Client

# Tags and fields may be set twice; a comment among tickets with an unknown result is never sent again.
MAY_HAVE_THE_COMMENT = and_(
    JobTicket.outcome == Outcome.UNKNOWN,
    JobTicket.after["comment"]["text"].as_string().is_not(None),
)


@dataclass(frozen=True)
class OfOutcome:
    """The cursor is a position in the ledger of the other job.

    Of those with the outcomes, all, or the ones that have one of the reasons, of the details, or of the ids.
    """

    job_id: str
    outcomes: list[str]
    reasons: list[str] | None = None
    details: list[str | None] | None = None
    ticket_ids: list[int] | None = None
    shifts = False

    def read(self, client: Client, cursor: str | None) -> SelectionPage:
        rows = self._rows(int(cursor or -1))
        found = client.tickets(row.ticket_id for row in rows) if rows else {}
        return SelectionPage(
            tickets=[found[row.ticket_id] for row in rows if row.ticket_id in found],
            missing=[row.ticket_id for row in rows if row.ticket_id not in found],
            cursor=str(rows[-1].position) if len(rows) == PAGE else None,
        )

    @read_apart
    def _rows(self, after: int) -> list[Any]:
        rows = self.ledger(JobTicket.position, JobTicket.ticket_id)
        wanted = rows.where(JobTicket.position > after).order_by(JobTicket.position).limit(PAGE)
        return list(db.session.execute(wanted))

    @read_apart
    def matched(self, client: Client) -> int:
        return self.number()

    def number(self) -> int:
        """How many tickets they are. Raises SelectionGone."""
        return db.session.scalar(self.ledger(func.count())) or 0

    def ledger(self, *columns: Any) -> Any:
        """Those rows of the other job that have one of the outcomes. Raises SelectionGone."""
        job = db.session.scalar(select(Job.id).where(Job.job_id == self.job_id))
        if job is None:
            raise SelectionGone(
                "The job whose tickets were chosen was deleted, and its results with it. No ticket was changed."
            )
        return select(*columns).where(
            JobTicket.job_id == job,
            JobTicket.outcome.in_(self.outcomes),
            not_(MAY_HAVE_THE_COMMENT),
            *self._narrower(),
        )

    def _narrower(self) -> Iterator[ColumnElement[bool]]:
        if self.reasons is not None:
            yield JobTicket.reason.in_(self.reasons)
        if self.details is not None:
            yield or_(
                false(), *(JobTicket.detail.is_not_distinct_from(one) for one in self.details)
            )
        if self.ticket_ids is not None:
            yield JobTicket.ticket_id.in_(self.ticket_ids)


def never_again(job: Job) -> int:
    """How many tickets of the job no other may take from it: a comment may have reached them."""
    rows = select(func.count()).where(JobTicket.job_id == job.id, MAY_HAVE_THE_COMMENT)
    return (db.session.scalar(rows) or 0) if job.unknown_count else 0
