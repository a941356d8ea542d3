"""The forms of those who are not signed in."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from app.forms.fields import CodeField
from app.services import accounts
from app.services.accounts import AccountRefused


class SignInForm(FlaskForm):
    email = EmailField("Email", [InputRequired("Type your email address."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Type your password."), Length(max=1000)])


class CodeForm(FlaskForm):
    code = CodeField("Code", [InputRequired("Type the code."), Length(max=100)])


class ForgottenForm(FlaskForm):
    email = EmailField("Email", [InputRequired("Type your email address."), Length(max=254)])

    def validate_email(self, field: EmailField) -> None:
        try:
            field.data = accounts.parse_email(field.data or "")
        except AccountRefused as refused:
            raise ValidationError(str(refused)) from None


class NewPasswordForm(FlaskForm):
    password = PasswordField("New password", [InputRequired("Type a new password.")])
    again = PasswordField(
        "The same password once more",
        [
            InputRequired("Type the new password once more."),
            EqualTo("password", "This is not the same password. Type both once more."),
        ],
    )
