"""The forms of the pipeline: for a run, and for when a schedule is due."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import TextInput

from app.models import Schedule
from app.services.insights.runs import BACKFILL_DAYS, BATCH_SIZE, DEFAULTS
from app.services.insights.schedules import LONGEST_GRACE_SECONDS, BadSchedule, Timing


class WholeField(IntegerField):
    """A number within bounds. What was typed stays in the field."""

    widget = TextInput()

    def __init__(self, label: str, bounds: tuple[int, int], **kwargs: object):
        self.words = f"Type a whole number from {bounds[0]:,} to {bounds[1]:,}."
        checks = [InputRequired(self.words), NumberRange(*bounds, self.words)]
        super().__init__(label, checks, **kwargs)  # pyright: ignore[reportArgumentType]

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([one.replace(",", "").strip() for one in valuelist])
        except ValueError:
            raise ValueError(self.words) from None


class RunForm(FlaskForm):
    backfill_days = WholeField("Days back", BACKFILL_DAYS, default=DEFAULTS["backfill_days"])
    batch_size = WholeField("Tickets at a time", BATCH_SIZE, default=DEFAULTS["batch_size"])

    def options(self) -> dict[str, int]:
        return {one: self[one].data for one in DEFAULTS}


class ScheduleForm(FlaskForm):
    cron = StringField("When", [InputRequired("Type when it is to run."), Length(max=128)])
    zone = StringField("Time zone", [InputRequired("Type a time zone."), Length(max=64)])
    grace_seconds = WholeField("Late by at most, in seconds", (1, LONGEST_GRACE_SECONDS))
    coalesce = BooleanField("Several missed runs become one")

    @classmethod
    def of(cls, schedule: Schedule) -> "ScheduleForm":
        return cls(formdata=None, data=vars(Timing.of(schedule)))

    def timing(self) -> Timing:
        cron, zone = (self.cron.data or "").strip(), (self.zone.data or "").strip()
        return Timing(cron, zone, self.grace_seconds.data or 0, bool(self.coalesce.data))

    def refuse(self, error: BadSchedule) -> None:
        """Show it beside its field."""
        self[error.field].errors = [str(error)]
