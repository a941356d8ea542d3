"""Proof that it is still the person who sits at the browser: the password, and where two-factor is on a code."""

from collections.abc import Callable
from typing import TypeVar

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from app.access import address, me
from app.extensions import db
from app.forms.fields import CodeField
from app.services import signing_in, two_factor
from app.services.throttle import Throttled
from app.services.two_factor import Unreadable

OK, UNPROCESSABLE, TOO_MANY = 200, 422, 429


class PasswordProof(FlaskForm):
    password = PasswordField(
        "Current password", [InputRequired("Type your current password."), Length(max=1000)]
    )


class CodeProof(PasswordProof):
    code = CodeField("Code", [InputRequired("Type a code."), Length(max=100)])


F = TypeVar("F", bound=PasswordProof)


def asked(form: F, page: Callable[[F], str]) -> tuple[str, int] | None:
    """The page with the form, and its status, until the form is sent with the proof: None then. Commits.

    A code is used up.
    """
    if not form.validate_on_submit():
        return page(form), UNPROCESSABLE if form.errors else OK
    status = _of_both(form) if isinstance(form, CodeProof) else _of_password(form)
    return None if status == OK else (page(form), status)


def _of_password(form: PasswordProof) -> int:
    """OK, or the status of the answer to give; the form then says why."""
    try:
        if signing_in.prove_password(me(), form.password.data or ""):
            return OK
    except Throttled as throttled:
        form.password.errors = [f"{throttled} Nothing was changed."]
        return TOO_MANY
    form.password.errors = ["This is not your current password."]
    return UNPROCESSABLE


def _of_both(form: CodeProof) -> int:
    status = _of_password(form)
    return _of_code(form) if status == OK else status


def _of_code(form: CodeProof) -> int:
    code = form.code.data or ""
    try:
        if signing_in.prove_code(me(), code, address()):
            return OK
    except Throttled as throttled:
        form.code.errors = [f"{throttled} Nothing was changed."]
        return TOO_MANY
    except Unreadable as unreadable:
        db.session.rollback()
        form.code.errors = [str(unreadable)]
        return UNPROCESSABLE
    form.code.errors = [two_factor.words_on_wrong(code)]
    return UNPROCESSABLE
