"""The page to change one's password."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from app.access import address, me, my_session
from app.account import bp, proof
from app.account.proof import PasswordProof
from app.extensions import db
from app.menu import Page
from app.services import accounts, audit
from app.services.accounts import SHORTEST_PASSWORD, AccountRefused
from app.token_notice import tell_of_tokens

PAGE = Page("Password", "Change the password that you sign in with.", "account.password", place=10)


class PasswordForm(PasswordProof):
    new = PasswordField("New password", [InputRequired("Type a new password."), Length(max=1000)])
    again = PasswordField(
        "New password, once more",
        [EqualTo("new", "This is not the same as the new password above.")],
    )


@bp.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if asked := proof.asked(form, _page):
        return asked
    try:
        ended = accounts.change_password(me(), form.new.data or "", but=my_session())
    except AccountRefused as refused:
        form.new.errors = [str(refused)]
        return _page(form), 422
    audit.record(me(), "password.change", me().email, address(), sessions_ended=ended)
    db.session.commit()
    flash(f"Your password is changed.{_ended_in_words(ended)}", "success")
    tell_of_tokens(me())
    return redirect(url_for("account.password"))


def _page(form: PasswordForm) -> str:
    return render_template("account/password.html", form=form, shortest=SHORTEST_PASSWORD)


def _ended_in_words(ended: int) -> str:
    if not ended:
        return ""
    sessions = "Your other session was" if ended == 1 else f"Your {ended} other sessions were"
    return f" {sessions} ended."
