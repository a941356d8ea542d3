"""Leaving single tickets out of a plan, and taking them in again, before it is started."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection

from sqlalchemy import update

from app.extensions import db, rows_changed
from app.models import Job, JobStatus, JobTicket, Outcome, Stage, User
from app.services import audit, reach
from app.services.agreeing import PlanChanged
from app.services.engine import ledger
from app.services.reasons import Reason

_IN = {"outcome": Outcome.PLANNED, "reason": None, "stage": Stage.WAITING}
_OUT = {"outcome": Outcome.SKIPPED, "reason": Reason.UNTICKED, "stage": Stage.SETTLED}


def possible(job: Job, ticket: JobTicket) -> bool:
    """May the ticket be left out of the plan, or taken in again?"""
    is_out = ticket.reason == Reason.UNTICKED
    return job.state is JobStatus.PLANNED and (ticket.outcome == Outcome.PLANNED or is_out)


def untick(
    job: Job,
    digest: str,
    user: User,
    *,
    out: Collection[int] = (),
    back: Collection[int] = (),
    address: str = "",
) -> int:
    """Leave these tickets out of the plan, and take those in again that were left out. How many that changed.

    The plan has another digest then, so that nobody starts it who has not seen it. Raises PlanChanged. The caller
    commits.
    """
    taken_up = rows_changed(
        update(Job)
        .where(Job.id == job.id, Job.status == JobStatus.PLANNED, Job.plan_digest == digest)
        .values(plan_digest=_next_digest(digest, out, back))
    )
    if not taken_up:
        raise PlanChanged("This is no longer the plan that you saw. Look at it again.")
    left = _turn(job, out, _IN, _OUT)
    again = _turn(job, back, _OUT, _IN)
    if not left and not again:
        db.session.rollback()
        return 0
    db.session.refresh(job)
    ledger.move(job, Counter({Outcome.PLANNED: again - left, Outcome.SKIPPED: left - again}))
    job.to_do = job.planned_count
    reach.reckon_anew(job)
    audit.record(user, "job.untick", job.job_id, address, left_out=left, taken_in=again)
    return left + again


def _turn(job: Job, ticket_ids: Collection[int], before: dict, after: dict) -> int:
    if not ticket_ids:
        return 0
    return rows_changed(
        update(JobTicket)
        .where(JobTicket.job_id == job.id, JobTicket.ticket_id.in_(ticket_ids))
        .where(
            JobTicket.outcome == before["outcome"],
            JobTicket.reason.is_not_distinct_from(before["reason"]),
        )
        .values(**after)
    )


def _next_digest(digest: str, out: Collection[int], back: Collection[int]) -> str:
    """That of the plan after this step, which need not go through all its tickets once more."""
    step = json.dumps([digest, sorted(out), sorted(back)])
    return hashlib.sha256(step.encode()).hexdigest()
