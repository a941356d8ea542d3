"""Form fields that several pages use."""

import uuid
from typing import Any

from wtforms import Field, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import TextArea, TextInput

from app.services import views
from app.services.connection import NotConnected
from app.services.tags import TagsRefused, parse_tags
from app.services.views import ListedView
from app.zendesk.errors import ZendeskError


class TagsField(Field):
    """Tags as Zendesk keeps them. `data` is the list; what was typed stays in the field."""

    widget = TextArea()
    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        try:
            self.data = parse_tags(self.typed)
        except TagsRefused as error:
            self.data = []
            raise ValueError(str(error)) from None

    def _value(self) -> str:
        return getattr(self, "typed", "")


class ViewField(SelectField):
    """One of Zendesk's views. `trouble` says why there are none to choose from."""

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, [InputRequired("Choose a view.")], coerce=_view_id, **kwargs)
        self.trouble = ""
        self.views = self._listed()
        options = [SelectChoice(str(view.id), view.label) for view in self.views]
        self.choices = [SelectChoice("", "Choose a view"), *options]

    def _listed(self) -> list[ListedView]:
        try:
            return views.listed()
        except (ZendeskError, NotConnected) as error:
            self.trouble = str(error)
            return []

    @property
    def title(self) -> str:
        """The chosen view's name, without its count."""
        return next(view.title for view in self.views if view.id == self.data)

    def pre_validate(self, form: Any) -> None:
        if self.trouble:
            raise ValidationError(
                "The views could not be read from Zendesk, so none can be chosen now."
            )
        if self.data and self.data not in {view.id for view in self.views}:
            raise ValidationError("That view is gone, or no longer active. Choose another.")


class LimitField(IntegerField):
    """How many tickets a job may have at most: a safety net, in bounds."""

    # A browser's number field swallows “12,000” and sends nothing, and counts up under a mouse wheel.
    widget = TextInput()

    def __init__(self, label: str, *, most: int, **kwargs: Any):
        self.most = most
        text = f"Type a whole number from 1 to {most:,}."
        super().__init__(label, [InputRequired(text), NumberRange(1, most, text)], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.replace(",", "").strip() for value in valuelist])
        except ValueError:
            raise ValueError(f"Type a whole number from 1 to {self.most:,}.") from None


class SubmissionKeyField(HiddenField):
    """A random key for each form that is shown, so that one sent twice makes one job."""

    def __init__(self, **kwargs: Any):
        super().__init__(default=lambda: str(uuid.uuid4()), **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = str(uuid.UUID(valuelist[0]))
        except (ValueError, IndexError):
            self.data = str(uuid.uuid4())


def _view_id(value: Any) -> int | str:
    """What a view's option stands for: its id, nothing for the first, and no view for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else text and -1
