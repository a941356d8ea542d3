"""What a plan says of the closed tickets in it: Zendesk lets little be changed on those."""

from sqlalchemy import func, select

from app.extensions import db
from app.models import Job, JobTicket, Outcome
from app.services.reasons import Reason

SET_TAGS = "set_tags"


def remark(job: Job) -> str:
    """A sentence with their number. Empty if the plan has none that it could speak of."""
    if job.operation == SET_TAGS:
        return _left_alone(_number(job, JobTicket.reason == Reason.CLOSED))
    # Only what goes to closed tickets carries no stamp.
    return _reached(
        _number(job, JobTicket.outcome == Outcome.PLANNED, JobTicket.planned_stamp == "")
    )


def _number(job: Job, *conditions: object) -> int:
    wanted = select(func.count()).select_from(JobTicket).where(JobTicket.job_id == job.id)
    return db.session.scalar(wanted.where(*conditions)) or 0  # pyright: ignore[reportArgumentType]


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
