"""What went wrong with a job's tickets, each kind once, in Zendesk's own words."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from app.extensions import db
from app.models import Job, JobTicket, Outcome
from app.services.reasons import Reason
from app.services.selections import MAY_HAVE_THE_COMMENT

WRONG = (Outcome.FAILED, Outcome.UNKNOWN)
MOST_KINDS = 20
FEW_KINDS = 10
EXAMPLES = 3
FIRST = 50  # of each outcome


@dataclass(frozen=True)
class Kind:
    """`like` is a ticket of the kind, whose detail all of them have; None where nearly each has a detail of its own,
    and `words` are examples. `again` is how many of them can be tried again.
    """

    outcome: Outcome
    reason: Reason
    words: list[str]
    quotes_zendesk: bool
    number: int
    again: int
    like: int | None = None


@dataclass(frozen=True)
class Failures:
    """`more` kinds are not listed."""

    kinds: list[Kind]
    more: int = 0


def of(job: Job) -> Failures:
    """The most frequent kinds first."""
    if not job.failed_count and not job.unknown_count:
        return Failures([])
    if _begins_with_many(job):
        return _sorted_out(job)
    listed, number = _details(job, JobTicket.reason.in_(list(Reason)))
    return Failures(listed) if number <= FEW_KINDS else _sorted_out(job)


def _begins_with_many(job: Job) -> bool:
    """Are there many kinds among the first already? Then all need not be counted by their details to tell so.

    That is slow just where most have a detail of their own, as each is kept and compared.
    """
    kind = JobTicket.outcome, JobTicket.reason, JobTicket.detail
    found = set()
    for outcome in (one for one in WRONG if job.counts[one]):
        rows = select(*kind).where(JobTicket.job_id == job.id, JobTicket.outcome == outcome)
        rows = rows.where(JobTicket.reason.in_(list(Reason)))
        first = rows.order_by(JobTicket.position).limit(FIRST)
        found |= {tuple(row) for row in db.session.execute(first)}
    return len(found) > FEW_KINDS


def _sorted_out(job: Job) -> Failures:
    """The same where there are many details, perhaps as many as tickets."""
    told = _reasons(job)
    apart = [row for row in told if _is_apart(row)]
    together = [_is_of(row.outcome, row.reason) for row in told if not _is_apart(row)]
    listed, number = _details(job, or_(false(), *together))
    kinds = [*(_of_reason(job, row) for row in apart), *listed]
    kinds.sort(key=lambda kind: -kind.number)
    return Failures(kinds[:MOST_KINDS], len(apart) + number - len(kinds[:MOST_KINDS]))


def _is_apart(row: Any) -> bool:
    """Has nearly each of the tickets a detail of its own, such as one with its number?"""
    return row.details > FEW_KINDS and row.details * 2 > row.number


def _reasons(job: Job) -> list[Any]:
    """The known reasons for which something went wrong."""
    details = func.count(JobTicket.detail.distinct()).label("details")
    rows = _counted(job, details).group_by(JobTicket.outcome, JobTicket.reason)
    return list(db.session.execute(rows.where(JobTicket.reason.in_(list(Reason)))))


def _details(job: Job, of_these: ColumnElement[bool]) -> tuple[list[Kind], int]:
    """Kinds by their details as well, and how many there are in all."""
    like = func.min(JobTicket.ticket_id).label("like")
    in_all = func.count().over().label("in_all")
    rows = _counted(job, JobTicket.detail, like, in_all).where(of_these)
    rows = rows.group_by(JobTicket.outcome, JobTicket.reason, JobTicket.detail)
    order = func.count().desc(), like
    found = db.session.execute(rows.order_by(*order).limit(MOST_KINDS)).all()
    return [_kind(row, [row.detail], row.like) for row in found], found[0].in_all if found else 0


def _of_reason(job: Job, row: Any) -> Kind:
    examples = select(JobTicket.detail).where(
        JobTicket.job_id == job.id,
        _is_of(row.outcome, row.reason),
        JobTicket.detail.is_not(None),
    )
    some = examples.order_by(JobTicket.position).limit(EXAMPLES)
    return _kind(row, list(db.session.scalars(some)))


def _is_of(outcome: str, reason: str) -> ColumnElement[bool]:
    return and_(JobTicket.outcome == outcome, JobTicket.reason == reason)


def _counted(job: Job, *columns: Any) -> Any:
    left_out = func.sum(case((MAY_HAVE_THE_COMMENT, 1), else_=0)).label("left_out")
    return select(
        JobTicket.outcome,
        JobTicket.reason,
        func.count().label("number"),
        func.min(JobTicket.attempts).label("attempts"),
        left_out,
        *columns,
    ).where(JobTicket.job_id == job.id, JobTicket.outcome.in_(WRONG))


def _kind(row: Any, words: list[str | None], like: int | None = None) -> Kind:
    return Kind(
        Outcome(row.outcome),
        Reason(row.reason),
        [one for one in words if one],
        quotes_zendesk=row.attempts > 0,
        number=row.number,
        again=row.number - row.left_out,
        like=like,
    )
