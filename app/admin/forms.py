"""The form for the connection to Zendesk."""

import re

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired, Length, ValidationError

from app.models import Method
from app.services import connection
from app.services.credentials import Wanted

WAYS = {
    Method.AUTHORIZATION_CODE: "OAuth, by connecting: changes in Zendesk carry the name of the admin who connects",
    Method.CLIENT_CREDENTIALS: "OAuth, by client secret: changes in Zendesk carry the name of the client's owner",
    Method.API_TOKEN: "API token: ends on 30 April 2027, and no new one can be made",
}


_SENDABLE = re.compile(r"[!-~]*")
_ADDRESS = re.compile(r"([^\s@:/]+@[^\s@.]+(\.[^\s@.]+)+)?")


def sendable(_form: FlaskForm, field: StringField) -> None:
    """What is no printable ASCII cannot be sent to Zendesk, or was not copied well."""
    if not _SENDABLE.fullmatch(_trimmed(field.data)):
        raise ValidationError(
            f"{field.label.text}: use letters, digits and signs of plain ASCII, and no spaces inside. "
            "Copy it from Zendesk once more."
        )


def an_address(_form: FlaskForm, field: StringField) -> None:
    typed = _trimmed(field.data)
    if not (_ADDRESS.fullmatch(typed) and typed.isascii() and typed.isprintable()):
        raise ValidationError("Type an email address, such as ada@example.com.")


class ConnectionForm(FlaskForm):
    """What is typed stays in the fields when it is refused, except the secrets."""

    method = RadioField(
        "How Giga Tools signs in",
        [InputRequired("Choose a way to sign in.")],
        choices=[SelectChoice(str(method), words) for method, words in WAYS.items()],
    )
    subdomain = StringField("Zendesk subdomain", [InputRequired("Type the subdomain.")])
    client_id = StringField("Identifier", [Length(max=255), sendable])
    client_secret = PasswordField("Secret", [Length(max=1000), sendable])
    email = EmailField("Email", [Length(max=254), an_address])
    api_token = PasswordField("API token", [Length(max=1000), sendable])

    def validate_subdomain(self, field: StringField) -> None:
        try:
            field.data = connection.parse_subdomain(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def wanted(self) -> Wanted:
        return Wanted(
            Method(self.method.data),
            self.subdomain.data or "",
            _trimmed(self.client_id.data),
            _trimmed(self.client_secret.data),
            _trimmed(self.email.data),
            _trimmed(self.api_token.data),
        )


def _trimmed(text: str | None) -> str:
    """Pasted secrets bring spaces and line ends along."""
    return (text or "").strip()
