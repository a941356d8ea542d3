"""Choosing a password: by a link from an admin, or by one that a person who forgot theirs has asked for."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from app.access import address, public
from app.auth import bp
from app.auth.forms import ForgottenForm, NewPasswordForm
from app.extensions import db
from app.services import account_links, account_mail, forgotten
from app.services.account_links import LinkGone
from app.services.accounts import AccountRefused
from app.tasks.account_mail import send_reset_link
from app.token_notice import tell_of_tokens

KEY = "account_link"  # in the session: the token of the link that was opened
LONGEST_TOKEN = 64


@bp.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> ResponseReturnValue:
    """Says the same to everybody, and takes as long: nothing here looks for an account."""
    if account_mail.why_not():
        return render_template("auth/forgot.html", form=None)
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_template("auth/forgot.html", form=form), 422 if form.errors else 200
    asked = forgotten.ask(form.email.data or "", address())
    db.session.commit()
    if asked is not None:
        send_reset_link(asked)
    return redirect(url_for("auth.forgot_asked"))


@bp.get("/forgot/asked")
@public
def forgot_asked() -> str:
    return render_template("auth/forgot_asked.html")


@bp.get("/invitation/<token>")
@bp.get("/reset/<token>", endpoint="reset")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Take the token out of the address, so that it is in no history and nobody reads it over a shoulder.

    Programs that look through mails open links too: only the form that follows uses it up.
    """
    session[KEY] = token[:LONGEST_TOKEN]
    return redirect(url_for("auth.new_password"))


@bp.route("/new-password", methods=["GET", "POST"])
@public
def new_password() -> ResponseReturnValue:
    token, form = session.get(KEY, ""), NewPasswordForm()
    if not form.validate_on_submit():
        return _page(form, token)
    try:
        user = account_links.use(token, form.password.data or "", address())
    except AccountRefused as refused:
        form.password.errors = [str(refused)]
        return _page(form, token)
    except LinkGone:
        return _gone()
    session.pop(KEY, None)
    flash(f"The password of {user.email} is set. Sign in with it.", "success")
    tell_of_tokens(user)
    return redirect(url_for("auth.login"))


def _page(form: NewPasswordForm, token: str) -> ResponseReturnValue:
    found = account_links.find(token)
    if found is None:
        return _gone()
    link, user = found
    page = render_template("auth/new_password.html", form=form, link=link, user=user)
    return page, 422 if form.errors else 200


def _gone() -> ResponseReturnValue:
    session.pop(KEY, None)
    return render_template("auth/link_gone.html"), 410
