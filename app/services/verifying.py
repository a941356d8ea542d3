"""Verifying: read again what a job changed, and tell which tickets are not as it left them. Nothing is written."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.models import Job, JobTicket
from app.services.operations import prepared
from app.services.reasons import Reason
from app.services.recipe import Recipe, Skip
from app.services.traces import Trace, by_trace
from app.zendesk.client import Client
from app.zendesk.resources import Ticket

VERIFY = "verify"
SHOWN = 5  # parts of a ticket that are named


@prepared(VERIFY, reversible="fully", changes_nothing=True)
def prepare(_client: Client, arguments: dict[str, Any], _pinned: Any) -> Recipe:
    """The recipe for {"job_id"} of the job to be verified. It plans no change, and so is done once it is planned."""
    return Recipe(decide=by_trace(arguments["job_id"], verified))


def verified(trace: Trace, ticket: Ticket) -> Skip:
    moved = trace.moved(ticket)
    if moved:
        more = f" and {len(moved) - SHOWN} more" if len(moved) > SHOWN else ""
        return Skip(Reason.OVERWRITTEN, f"Changed since: {', '.join(moved[:SHOWN])}{more}.")
    if trace.is_only_comment:
        return Skip(Reason.CANNOT_BE_VERIFIED)
    return Skip(Reason.VERIFIED, "The comment was not looked for." if trace.has_comment else None)


@dataclass(frozen=True)
class Findings:
    """How many of the tickets are as the job left them, were changed since, are gone, or tell nothing."""

    as_left: int
    overwritten: int
    gone: int
    untold: int


def findings(job: Job) -> Findings | None:
    """What the job found out, once it is over; None where it is not for finding out."""
    if job.operation != VERIFY or not job.is_over:
        return None
    counted = select(JobTicket.reason, func.count()).where(JobTicket.job_id == job.id)
    numbers = dict(db.session.execute(counted.group_by(JobTicket.reason)).all())
    told = (Reason.VERIFIED, Reason.OVERWRITTEN, Reason.NOT_FOUND, Reason.CANNOT_BE_VERIFIED)
    return Findings(*(numbers.get(reason, 0) for reason in told))
