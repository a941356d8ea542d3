"""The form for what people of one role may do with one tool."""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, TextInput

from app.forms.fields import LimitField
from app.services import groups, views
from app.services.connection import NotConnected
from app.services.permissions import Limits, Tool
from app.zendesk.errors import ZendeskError

ALL, SOME = "all", "some"
MOST_IDS = 500
_BETWEEN_IDS = re.compile(r"[\s,;]+")


class MaybeNumberField(IntegerField):
    """A number of tickets, or nothing."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist).replace(",", "").strip()
        self.data = (
            int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
        )
        if typed and self.data is None:
            raise ValueError("Type a whole number, or leave it empty.")


class IdsField(Field):
    """Ids, as they are pasted. What was typed stays in the field."""

    widget = TextInput()
    typed = ""

    def process_data(self, value: list[int] | None) -> None:
        self.data = list(value or [])
        self.typed = ", ".join(map(str, self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        words = [word for word in _BETWEEN_IDS.split(self.typed) if word]
        odd = [word for word in words if not _is_id(word)]
        if odd:
            raise ValueError(
                f"“{odd[0][:40]}” is no number of Zendesk's. Type numbers with commas between them."
            )
        if len(words) > MOST_IDS:
            raise ValueError(f"At most {MOST_IDS} numbers.")
        self.data = [int(word) for word in words]

    def _value(self) -> str:
        return self.typed


def _is_id(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 19


class ListedField(SelectMultipleField):
    """Some of what Zendesk lists, with a box to tick for each. `trouble` says why there is nothing to tick."""

    option_widget = CheckboxInput()

    def __init__(self, label: str, *, listed: Callable[[], dict[int, str]], **kwargs: Any):
        super().__init__(label, coerce=int, validate_choice=False, **kwargs)
        self.trouble = ""
        try:
            found = listed()
        except (ZendeskError, NotConnected) as error:
            found, self.trouble = {}, str(error)
        self.choices = [SelectChoice(str(number), name) for number, name in found.items()]
        self.ids = frozenset(found)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [int(value) for value in valuelist if _is_id(value)]


class LimitsForm(FlaskForm):
    may_use = BooleanField("They may use it")
    largest_job = LimitField("Largest job", most=1)
    public_replies = BooleanField("They may send public replies")
    which_views = RadioField("Views", choices=[], validate_choice=False)
    view_ids = ListedField("These views", listed=lambda: views.listed().titles)
    other_view_ids = IdsField("Views that are not in the list, by number")
    which_groups = RadioField("Groups", choices=[], validate_choice=False)
    group_ids = ListedField("These groups", listed=groups.listed)
    other_group_ids = IdsField("Groups that are not in the list, by number")
    approval_above = MaybeNumberField("Ask for an approval above so many tickets", [Optional()])
    approval_for_replies = BooleanField(
        "Ask for an approval of every plan that sends public replies"
    )

    def __init__(self, tool: Tool, **kwargs: Any):
        super().__init__(**kwargs)
        self.tool = tool
        self.largest_job.permit(tool.max_limit)
        for field, what in ((self.which_views, "view"), (self.which_groups, "group")):
            field.choices = [
                SelectChoice(ALL, f"Tickets of every {what}"),
                SelectChoice(SOME, f"Only tickets of these {what}s"),
            ]
        if not self.is_submitted():
            _part(self.view_ids, self.other_view_ids)
            _part(self.group_ids, self.other_group_ids)

    @staticmethod
    def filled_in(limits: Limits) -> dict[str, Any]:
        """The fields' values for what is so now."""
        return asdict(limits) | {
            "which_views": ALL if limits.view_ids is None else SOME,
            "view_ids": sorted(limits.view_ids or ()),
            "which_groups": ALL if limits.group_ids is None else SOME,
            "group_ids": sorted(limits.group_ids or ()),
        }

    def validate_largest_job(self, field: Field) -> None:
        if not self.tool.makes_jobs:
            field.errors = []

    def validate_which_views(self, field: Field) -> None:
        """What is neither must not pass for all."""
        if self.tool.makes_jobs and field.data not in (ALL, SOME):
            raise ValidationError("Choose one of these.")

    validate_which_groups = validate_which_views

    def validate_view_ids(self, field: Field) -> None:
        _wants_one(self.which_views, field, self.other_view_ids, "view")

    def validate_group_ids(self, field: Field) -> None:
        _wants_one(self.which_groups, field, self.other_group_ids, "group")

    def validate_approval_above(self, field: Field) -> None:
        if field.data is not None and field.data > self.tool.max_limit:
            raise ValidationError(
                f"Type a whole number from 0 to {self.tool.max_limit:,}, or leave it empty."
            )

    def wanted(self) -> Limits:
        """Of a tool that makes no jobs, only whether it may be used."""
        if not self.tool.makes_jobs:
            return Limits(bool(self.may_use.data), self.tool.max_limit)
        may_reply = self.tool.may_reply
        return Limits(
            may_use=bool(self.may_use.data),
            largest_job=self.largest_job.data or self.tool.max_limit,
            public_replies=not may_reply or bool(self.public_replies.data),
            view_ids=_chosen(self.which_views, self.view_ids, self.other_view_ids),
            group_ids=_chosen(self.which_groups, self.group_ids, self.other_group_ids),
            approval_above=self.approval_above.data,
            approval_for_replies=may_reply and bool(self.approval_for_replies.data),
        )


def _part(listed: ListedField, others: IdsField) -> None:
    """What is chosen and not listed, since it is gone or Zendesk cannot be asked, is kept as if it was typed."""
    others.process_data([one for one in listed.data or () if one not in listed.ids])


def _chosen(which: RadioField, listed: ListedField, others: IdsField) -> frozenset[int] | None:
    return None if which.data != SOME else frozenset((*(listed.data or ()), *others.data))


def _wants_one(which: RadioField, listed: Field, others: IdsField, what: str) -> None:
    if which.data == SOME and not others.errors and not listed.data and not others.data:
        raise StopValidation(f"Choose a {what}, or let them choose tickets of every {what}.")
