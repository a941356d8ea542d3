"""Choosing tickets: of views, of a search, by their ids, or of an earlier job. Every tool's form begins so."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, TextArea

from app.forms.earlier_job import EarlierJobField, OutcomesField
from app.forms.fields import SubmissionKeyField
from app.models import Job
from app.services import connection, view_counts, views
from app.services.connection import NotConnected
from app.services.selections import OfOutcome, never_again
from app.services.ticket_ids import FileRefused, TicketIds, column_of_ids, parse_ids
from app.services.view_counts import Count
from app.services.views import ListedViews
from app.zendesk.errors import ZendeskError

VIEW, SEARCH, IDS, JOB = "view", "search", "ids", "job"
MOST_VIEWS = 20
LONGEST_SEARCH = 1_000  # characters
BAD_SHOWN = 20  # lines that hold no ticket id


class Chosen(NamedTuple):
    """A selection as a job keeps it, and what it is called."""

    selection: dict[str, Any]
    words: str


class ViewsField(SelectMultipleField):
    """Some of Zendesk's views, with a box to tick for each. `trouble` says why there are none to choose from."""

    option_widget = CheckboxInput()

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, coerce=_view_id, **kwargs)
        self.trouble, self.listed = "", ListedViews({})
        self.counts: dict[int, Count] = {}
        self.fetch()

    def fetch(self, *, anew: bool = False) -> None:
        """Read the views. Where that fails, those that were read before stay."""
        try:
            self.listed = views.listed(anew=anew)
            self.counts = view_counts.known(connection.client())
        except (ZendeskError, NotConnected) as error:
            self.trouble = str(error)
        titles = self.listed.titles.items()
        self.choices = [SelectChoice(str(view_id), title) for view_id, title in titles]

    def count(self, age: timedelta = view_counts.GOOD_FOR) -> list[int]:
        """Let Zendesk count those whose count is missing or older than this, as many as it does at once: which."""
        wanting = view_counts.wanting(self.listed.titles, self.counts, age)
        try:
            counted = view_counts.ask(connection.client(), wanting)
        except (ZendeskError, NotConnected) as error:
            self.trouble = self.trouble or str(error)
            return []
        self.counts |= counted
        return list(counted)

    @property
    def wants_counting(self) -> bool:
        return bool(view_counts.wanting(self.listed.titles, self.counts))

    @property
    def is_being_counted(self) -> bool:
        return any(count.value is None for count in self.counts.values())

    @property
    def counted_at(self) -> datetime | None:
        """When the oldest of the counts was made."""
        return min((count.as_of for count in self.counts.values()), default=None)

    @property
    def titles(self) -> dict[int, str]:
        """The names of the chosen views, by id."""
        chosen = self.data or ()
        return {one: title for one, title in self.listed.titles.items() if one in chosen}

    def pre_validate(self, form: Any) -> None:
        if form.source.data != VIEW:
            return
        if self.trouble:
            raise ValidationError(
                "The views could not be read from Zendesk, so none can be chosen now."
            )
        if not self.data:
            raise ValidationError("Choose a view.")
        if len(self.titles) < len(set(self.data)):
            raise ValidationError("That view is gone, or no longer active. Choose another.")
        if len(self.titles) > MOST_VIEWS:
            raise ValidationError(f"Choose at most {MOST_VIEWS} views.")


class TicketIdsField(Field):
    """Ids as people paste them. `data` is a TicketIds; what was typed stays in the field."""

    widget = TextArea()
    data: TicketIds

    def process_formdata(self, valuelist: list[str]) -> None:
        self.read(valuelist[0] if valuelist else "")

    def read(self, typed: str) -> None:
        self.typed, self.data = typed, parse_ids(typed)

    def _value(self) -> str:
        return getattr(self, "typed", "")


class SelectionForm(FlaskForm):
    source = RadioField(
        "Which tickets",
        choices=[
            SelectChoice(VIEW, "Those of views"),
            SelectChoice(SEARCH, "Those that a search finds"),
            SelectChoice(IDS, "Those whose numbers I have"),
            SelectChoice(JOB, "Those of an earlier job"),
        ],
        default=VIEW,
        validate_choice=False,
    )
    view = ViewsField("Views")
    apart = BooleanField("Make a job of its own for each view")
    search = StringField("Search")
    ticket_ids = TicketIdsField("Ticket numbers")
    file = FileField("Or a CSV file that has them")
    column = StringField("Name of the column with the ticket numbers")
    without_bad = BooleanField("Leave out the lines that have no ticket number")
    job = EarlierJobField("Job")
    outcome = OutcomesField("Its tickets with the result")
    reason = StringField("Why (optional)", [Length(max=500, message="At most 500 characters.")])
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **_asked_for(), **kwargs)
        self.job.offer()

    def validate(self, extra_validators: Any = None) -> bool:
        if self.source.data not in {VIEW, SEARCH, IDS, JOB}:
            self.source.data = VIEW
        self._read_file()
        return super().validate(extra_validators)

    def _read_file(self) -> None:
        """What a file has comes before what was pasted, and is shown in its place."""
        self._trouble_with_file = ""
        if self.source.data != IDS or not self.file.data:
            return
        try:
            column = column_of_ids(self.file.data.read(), self.column.data or "")
        except FileRefused as error:
            self._trouble_with_file = str(error)
        else:
            self.ticket_ids.read(column)

    def validate_search(self, field: Field) -> None:
        if self.source.data != SEARCH:
            return
        query = (field.data or "").strip()
        if not query:
            raise ValidationError("Type what to search for.")
        if len(query) > LONGEST_SEARCH:
            raise ValidationError(f"At most {LONGEST_SEARCH:,} characters.")
        if any(word.casefold().startswith("type:") for word in query.split()):
            raise ValidationError("Leave out “type:”. Only tickets are searched for.")

    def validate_file(self, _field: Field) -> None:
        if self._trouble_with_file:
            again = "The file must be chosen again: browsers do not keep it."
            raise ValidationError(f"{self._trouble_with_file} {again}")

    def validate_ticket_ids(self, field: Field) -> None:
        if self.source.data != IDS or self._trouble_with_file:
            return
        if field.data.bad and not self.without_bad.data:
            raise ValidationError(_bad_lines(field.data.bad))
        if not field.data.ids:
            raise ValidationError("Type the ticket numbers, or choose a file.")

    def validate_job(self, field: EarlierJobField) -> None:
        if self.source.data == JOB and not field.chosen:
            raise ValidationError("Choose a job that is over.")

    def validate_outcome(self, field: OutcomesField) -> None:
        if self.source.data != JOB or not self.job.chosen:
            return
        if not field.chosen:
            raise ValidationError("Choose which of its tickets.")
        if not self._number_of_job():
            raise ValidationError(_none_of(self.job.chosen))

    def _number_of_job(self) -> int:
        return OfOutcome(**self._of_job()).number()

    def _of_job(self) -> dict[str, Any]:
        return {"job_id": self.job.data, "outcomes": self.outcome.chosen}

    def chosen(self) -> list[Chosen]:
        """What the jobs are to be about: one of all tickets together, or one for each view."""
        if self.source.data == SEARCH:
            query = (self.search.data or "").strip()
            return [Chosen({"search": query}, f"tickets found by “{query}”")]
        if self.source.data == IDS:
            ids = self.ticket_ids.data.ids
            words = f"ticket {ids[0]}" if len(ids) == 1 else f"{len(ids):,} tickets by number"
            return [Chosen({"ticket_ids": ids}, words)]
        if self.source.data == JOB:
            number, job = self._number_of_job(), self.job.chosen
            noun = "ticket" if number == 1 else "tickets"
            return [Chosen(self._of_job(), f"{number:,} {noun} of “{job.title if job else ''}”")]
        titles = self.view.titles
        if self.apart.data or len(titles) == 1:
            return [Chosen({"view_id": one}, title) for one, title in titles.items()]
        first, more = next(iter(titles.values())), len(titles) - 1
        words = f"{first} and {more} more view{'s' if more > 1 else ''}"
        return [Chosen({"view_ids": list(titles)}, words)]

    def key_of(self, chosen: Chosen) -> str:
        """The form's key, or what stands for it where each view has a job of its own."""
        key = self.submission_key.data or ""
        if not self.apart.data or "view_id" not in chosen.selection:
            return key
        return str(uuid5(UUID(key), str(chosen.selection["view_id"])))


def _asked_for() -> dict[str, Any]:
    """What an address such as `?job=…&outcome=failed` fills in."""
    if "job" not in request.args:
        return {}
    outcomes = request.args.getlist("outcome")
    return {"source": JOB, "job": request.args["job"], "outcome": outcomes}


def _none_of(job: Job) -> str:
    if never_again(job):
        return "Those tickets may have got a comment already, so they are left out. Choose other results too."
    return "The job has no ticket with this result."


def _bad_lines(bad: dict[int, str]) -> str:
    shown = [f"line {number} (“{word[:30]}”)" for number, word in list(bad.items())[:BAD_SHOWN]]
    more = f" and {len(bad) - BAD_SHOWN:,} more" if len(bad) > BAD_SHOWN else ""
    listed = ", ".join(shown)
    return f"No ticket number: {listed}{more}. Correct this, or tick the box to leave it out."


def _view_id(value: Any) -> int:
    """What a view's option stands for: its id, and no view for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1
