"""Sign in and out."""

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from app.access import address, me, public
from app.auth import bp
from app.auth.forms import SignInForm
from app.extensions import db
from app.services import accounts, audit


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_wanted())
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("auth/login.html", form=form), 422 if form.errors else 200
    user = accounts.authenticate(form.email.data or "", form.password.data or "")
    if user is None:
        audit.record(None, "sign_in.refused", address=address())
        db.session.commit()
        form.password.errors = [
            "This email and password do not belong together, or the account is switched off."
        ]
        return render_template("auth/login.html", form=form), 422
    session.clear()  # nothing that was planted before the sign-in outlives it
    login_user(user)
    audit.record(user, "sign_in", address=address())
    db.session.commit()
    return redirect(_wanted())


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    audit.record(me(), "sign_out", address=address())
    db.session.commit()
    logout_user()
    session.clear()
    flash("You are signed out.", "info")
    return redirect(url_for("auth.login"))


def _wanted() -> str:
    """Where the person was going. Only to a page of ours: anything with a host goes nowhere."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    is_ours = (
        wanted.startswith("/")
        and not wanted.startswith("//")
        and not parts.scheme
        and not parts.netloc
    )
    return (
        wanted
        if is_ours and wanted.isprintable() and "\\" not in wanted
        else url_for("dashboard.index")
    )
