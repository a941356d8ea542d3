"""What a plan says of the closed tickets in it: Zendesk lets little be changed on those."""

from sqlalchemy import func, select

from app.extensions import db
from app.models import Job, JobTicket, Outcome
from app.services.reasons import Reason
from app.services.remembered import remembered

SET_TAGS = "set_tags"
KEPT_SECONDS = 86_400


def remark(job: Job) -> str:
    """A sentence with their number in the job's plan as it is. Empty if it has none that it could speak of."""
    number = _counted(job)
    return _left_alone(number) if job.operation == SET_TAGS else _reached(number)


def _counted(job: Job) -> int:
    """Counting goes through all the plan's tickets, and need be done but once: another plan has another digest."""
    plan = f"closed-tickets:{job.job_id}:{job.plan_digest}"
    return remembered(plan, KEPT_SECONDS, lambda: _number(job))


def _number(job: Job) -> int:
    wanted = select(func.count()).select_from(JobTicket).where(JobTicket.job_id == job.id)
    if job.operation == SET_TAGS:
        wanted = wanted.where(JobTicket.reason == Reason.CLOSED)
    else:  # only what goes to closed tickets carries no stamp
        wanted = wanted.where(JobTicket.outcome == Outcome.PLANNED, JobTicket.planned_stamp == "")
    return db.session.scalar(wanted) or 0


def _reached(number: int) -> str:
    if not number:
        return ""
    them = "One of these tickets is" if number == 1 else f"{number:,} of these tickets are"
    return f"{them} closed. Zendesk lets tags be added and removed there all the same."


def _left_alone(number: int) -> str:
    if not number:
        return ""
    them = "One ticket is" if number == 1 else f"{number:,} tickets are"
    return (
        f"{them} closed and left alone. On a closed ticket Zendesk lets tags be added and removed, but not set: "
        "you can add or remove them there instead."
    )
