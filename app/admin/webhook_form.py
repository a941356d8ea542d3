"""The form for a webhook."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.models import EventName, Webhook
from app.services.notices.webhooks import EVENTS, Wanted

WORDS = {
    EventName.COMPLETED: "A job is done, whatever became of its tickets",
    EventName.FAILED: "A job could not go on",
    EventName.CANCELLED: "A job was cancelled",
    EventName.PAUSED: "A job has paused by itself",
    EventName.PLANNED: "A plan is ready, and waits for a person",
    EventName.APPROVAL: "A plan waits for an admin's approval",
    EventName.SIGN_IN: "A job waits for the sign-in to Zendesk",
    EventName.HEALTH: "A part of Giga Tools has a problem, or is well again",
    EventName.ESCALATING: "Far more tickets of an issue come than usual",
}


class WebhookForm(FlaskForm):
    url = StringField("Address", [InputRequired("Type the address.")])
    events = SelectMultipleField(
        "What it is told",
        [InputRequired("Tick at least one.")],
        choices=[SelectChoice(str(one), WORDS[one]) for one in EVENTS],
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )
    enabled = BooleanField("Switched on")

    def wanted(self) -> Wanted:
        return Wanted((self.url.data or "").strip(), self.events.data or [], self.enabled.data)

    @classmethod
    def empty(cls) -> "WebhookForm":
        form = cls(formdata=None)
        form.events.data = [str(one) for one in EVENTS]
        return form

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookForm":
        form = cls(formdata=None)
        form.url.data, form.events.data = webhook.url, list(webhook.events)
        form.enabled.data = webhook.enabled
        return form
