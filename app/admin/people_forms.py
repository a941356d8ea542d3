"""The forms about people."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, RadioField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired, Length

from app.models import Role
from app.services.accounts import LONGEST_EMAIL

ROLES = {
    Role.USER: "User: uses the tools that are open to them, and sees their own jobs",
    Role.ADMIN: "Admin: uses every tool, sees all jobs, and sets up people and the connection",
}


class InvitationForm(FlaskForm):
    email = EmailField(
        "Email",
        [
            InputRequired("Type an email address."),
            Length(max=LONGEST_EMAIL, message=f"At most {LONGEST_EMAIL} characters."),
        ],
    )
    role = RadioField(
        "Role",
        [InputRequired("Choose a role.")],
        choices=[SelectChoice(str(role), words) for role, words in ROLES.items()],
        default=str(Role.USER),
    )


class DeactivationForm(FlaskForm):
    cancel_jobs = BooleanField("Cancel them too")
