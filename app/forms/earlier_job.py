"""Choosing the tickets that had some outcome in an earlier job."""

from typing import Any
from uuid import UUID

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.widgets import CheckboxInput

from app.access import me
from app.extensions import db
from app.models import OVER, Job, Outcome
from app.services import job_list

OFFERED = 25
SETTLED = [one for one in Outcome if one is not Outcome.PLANNED]


class EarlierJobField(SelectField):
    """One of the latest jobs that are over, or any other that was asked for and that the person may see."""

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, coerce=str, validate_choice=False, choices=[], **kwargs)

    def offer(self) -> None:
        latest = job_list.newest(me(), OVER, OFFERED, with_tickets=True)
        chosen = self.chosen
        if chosen and chosen not in latest:
            latest.insert(0, chosen)
        offered = [SelectChoice(job.job_id, _named(job)) for job in latest]
        self.choices = [SelectChoice("", "Choose a job"), *offered]

    @property
    def chosen(self) -> Job | None:
        job_id = _job_id(self.data or "")
        wanted = job_list.visible_to(me()).where(Job.job_id == job_id, Job.status.in_(OVER))
        return db.session.scalar(wanted) if job_id else None


class OutcomesField(SelectMultipleField):
    """Outcomes that tickets of a job that is over may have, each with a box to tick."""

    option_widget = CheckboxInput()

    def __init__(self, label: str, **kwargs: Any):
        choices = [SelectChoice(one, one) for one in SETTLED]
        super().__init__(label, choices=choices, validate_choice=False, **kwargs)

    @property
    def chosen(self) -> list[str]:
        return [str(one) for one in SETTLED if one in (self.data or ())]


def _named(job: Job) -> str:
    return f"{job.created_at:%d %b %Y}: {job.title} ({job.total_items:,})"


def _job_id(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
