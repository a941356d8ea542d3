"""Fields that several forms have."""

import uuid
from collections.abc import Callable
from typing import Any

from wtforms import Field, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, StopValidation
from wtforms.widgets import TextArea, TextInput

from app.services.tags import TagsRefused, parse_tags


class TagsField(Field):
    """Tags as Zendesk keeps them. `data` is the list; what was typed stays in the field."""

    widget = TextArea()
    data: list[str]
    typed = ""

    def process_data(self, value: str | None) -> None:
        """What an address asks to have typed already."""
        self.typed, self.data = value or "", []

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        try:
            self.data = parse_tags(self.typed)
        except TagsRefused as error:
            self.data = []
            raise ValueError(str(error)) from None

    def _value(self) -> str:
        return self.typed


class TagField(TagsField):
    """A single tag, which is all that `data` has. `wanted` is said where there is none."""

    widget = TextInput()

    def __init__(self, label: str, validators: Any = None, *, wanted: str, **kwargs: Any):
        self.wanted = wanted
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not "".join(valuelist).strip():
            self.typed, self.data = "", []
            raise ValueError(self.wanted)
        super().process_formdata(valuelist)
        if len(self.data) > 1:
            raise ValueError("Type one tag only. A tag has no spaces or commas in it.")


class OnlyIf:
    """A validator that comes first: where the field is not asked for, whatever is in it is right."""

    def __init__(self, is_asked_for: Callable[[Any], bool]):
        self.is_asked_for = is_asked_for

    def __call__(self, form: Any, field: Field) -> None:
        if not self.is_asked_for(form):
            field.errors = []
            raise StopValidation


class LimitField(IntegerField):
    """How many tickets a job may have at most: a safety net, in bounds."""

    # A browser's number field swallows “12,000” and sends nothing, and counts up under a mouse wheel.
    widget = TextInput()

    def __init__(self, label: str, *, most: int, **kwargs: Any):
        self.most = most
        super().__init__(label, _up_to(most), **kwargs)

    def permit(self, most: int) -> None:
        """Let so many be the most that can be typed, and what is offered at first be no more than that."""
        self.most, self.validators = most, _up_to(most)
        if not self.raw_data and self.data is not None:
            self.data = min(self.data, most)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.replace(",", "").strip() for value in valuelist])
        except ValueError:
            raise ValueError(f"Type a whole number from 1 to {self.most:,}.") from None


def _up_to(most: int) -> list[Any]:
    text = f"Type a whole number from 1 to {most:,}."
    return [InputRequired(text), NumberRange(1, most, text)]


class SubmissionKeyField(HiddenField):
    """A random key for each form that is shown, so that one sent twice makes one job."""

    def __init__(self, **kwargs: Any):
        super().__init__(default=lambda: str(uuid.uuid4()), **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = str(uuid.UUID(valuelist[0]))
        except (ValueError, IndexError):
            self.data = str(uuid.uuid4())


class CodeField(StringField):
    """A code that works once, if at all: one that was refused is not left to be deleted before the next."""

    def _value(self) -> str:
        return "" if self.errors else self.data or ""
