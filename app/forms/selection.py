"""Choosing tickets: of views, a search, an earlier job or an issue, or by their ids. Every tool's form begins so."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, TextArea

from app.forms import chosen
from app.forms.chosen import MOST_VIEWS, Chosen
from app.forms.earlier_job import EarlierJobField, OutcomesField
from app.forms.fields import SubmissionKeyField
from app.forms.issue import IssueField
from app.services import connection, view_counts, views
from app.services.connection import NotConnected
from app.services.ticket_ids import FileRefused, TicketIds, column_of_ids, parse_ids
from app.services.view_counts import Count
from app.services.views import ListedViews
from app.zendesk.errors import ZendeskError

VIEW, SEARCH, IDS, JOB, ISSUE = "view", "search", "ids", "job", "issue"
BAD_SHOWN = 20  # lines that hold no ticket id


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
        self.permit(None)

    def permit(self, view_ids: frozenset[int] | None) -> None:
        """Offer only these views; None for all. `titles` still has the others, for whoever makes a job of them."""
        self.choices = [
            SelectChoice(str(view_id), title)
            for view_id, title in self.listed.titles.items()
            if view_ids is None or view_id in view_ids
        ]

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


WAYS = [
    SelectChoice(VIEW, "Those of views"),
    SelectChoice(SEARCH, "Those that a search finds"),
    SelectChoice(IDS, "Those whose numbers I have"),
    SelectChoice(JOB, "Those of an earlier job"),
]


class SelectionForm(FlaskForm):
    source = RadioField(
        "Which tickets",
        choices=WAYS,
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
    issue = IssueField("Issue")
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **_asked_for(), **kwargs)
        self.job.offer()
        self._ways = WAYS
        if issue := self.issue.chosen:
            words = f"The {chosen.of_issue(issue).words}"
            self._ways = [SelectChoice(ISSUE, words), *WAYS]
            self.source.choices = self._ways

    def offer(self, ways: set[str]) -> None:
        """Offer only these ways of choosing."""
        self.source.choices = [one for one in self._ways if one.value in ways]

    def validate(self, extra_validators: Any = None) -> bool:
        if self.source.data not in {VIEW, SEARCH, IDS, JOB, ISSUE}:
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

    def validate_source(self, field: Field) -> None:
        if field.data == ISSUE and not self.issue.chosen:
            raise ValidationError("This issue is gone, or was merged into another. Choose again.")

    def validate_search(self, field: Field) -> None:
        if self.source.data != SEARCH:
            return
        if trouble := chosen.trouble_with_search((field.data or "").strip()):
            raise ValidationError(trouble)

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
        if trouble := chosen.trouble_with_outcomes(self.job.chosen, field.chosen):
            raise ValidationError(trouble)

    def chosen(self) -> list[Chosen]:
        """What the jobs are to be about: one of all tickets together, or one for each view."""
        if self.source.data == SEARCH:
            return [chosen.of_search((self.search.data or "").strip())]
        if self.source.data == IDS:
            return [chosen.of_ids(self.ticket_ids.data.ids)]
        if self.source.data == JOB and (job := self.job.chosen):
            return [chosen.of_job(job, self.outcome.chosen)]
        if self.source.data == ISSUE and (issue := self.issue.chosen):
            return [chosen.of_issue(issue)]
        titles = self.view.titles
        if self.apart.data:
            return [chosen.of_view(one, title) for one, title in titles.items()]
        return [chosen.of_views(titles)]

    def key_of(self, chosen: Chosen) -> str:
        """The form's key, or what stands for it where each view has a job of its own."""
        key = self.submission_key.data or ""
        if not self.apart.data or "view_id" not in chosen.selection:
            return key
        return str(uuid5(UUID(key), str(chosen.selection["view_id"])))


def _asked_for() -> dict[str, Any]:
    """What an address such as `?job=…&outcome=failed` or `?issue=…` fills in."""
    if "issue" in request.args:
        return {"source": ISSUE, "issue": request.args["issue"]}
    if "job" not in request.args:
        return {}
    outcomes = request.args.getlist("outcome")
    return {"source": JOB, "job": request.args["job"], "outcome": outcomes}


def _bad_lines(bad: dict[int, str]) -> str:
    shown = [f"line {number} (“{word[:30]}”)" for number, word in list(bad.items())[:BAD_SHOWN]]
    more = f" and {len(bad) - BAD_SHOWN:,} more" if len(bad) > BAD_SHOWN else ""
    listed = ", ".join(shown)
    return f"No ticket number: {listed}{more}. Correct this, or tick the box to leave it out."


def _view_id(value: Any) -> int:
    """What a view's option stands for: its id, and no view for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1
