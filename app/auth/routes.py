"""Sign in and out."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import address, before_two_factor, me, public
from app.auth import bp, half_way, known_browser
from app.auth.entering import enter, leave
from app.auth.forms import CodeForm, SignInForm
from app.extensions import db
from app.models import User
from app.services import audit, signing_in, two_factor
from app.services.signing_in import Client, Refused
from app.services.throttle import Throttled
from app.services.two_factor import Kind, Unreadable

WRONG = "This email and password do not belong together, or the account is switched off."
TOO_LATE = "That took too long, or your account was changed meanwhile. Sign in again."


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_wanted())
    form = SignInForm()
    if not form.validate_on_submit():
        return _password_page(form), 422 if form.errors else 200
    email = form.email.data or ""
    try:
        user = signing_in.with_password(email, form.password.data or "", _client(email))
    except Throttled as throttled:
        form.password.errors = [f"{throttled} Nobody was signed in."]
        return _later(throttled, _password_page(form))
    except Refused:
        form.password.errors = [WRONG]
        return _password_page(form), 422
    if two_factor.is_on(user):
        half_way.remember(user)
        db.session.commit()
        return redirect(url_for("auth.code", next=request.args.get("next")))
    return _let_in(user)


@bp.route("/login/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_wanted())
    begun = half_way.who()
    if begun is None or not two_factor.is_on(begun[0]):
        return _from_the_start(TOO_LATE if request.method == "POST" else "")
    user, attempt = begun
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form), 422 if form.errors else 200
    try:
        kind = signing_in.with_code(user, form.code.data or "", attempt, _client(user.email))
    except Throttled as throttled:
        form.code.errors = [f"{throttled} Nobody was signed in."]
        return _later(throttled, _code_page(form))
    except Refused:
        form.code.errors = [two_factor.words_on_wrong(form.code.data or "")]
        return _code_page(form), 422
    except Unreadable as unreadable:
        db.session.rollback()
        form.code.errors = [str(unreadable)]
        return _code_page(form), 422
    return _let_in(user, kind)


@bp.post("/logout")
@before_two_factor
def logout() -> ResponseReturnValue:
    audit.record(me(), "sign_out", address=address())
    leave()
    db.session.commit()
    flash("You are signed out.", "info")
    return redirect(url_for("auth.login"))


def _let_in(user: User, kind: Kind | None = None) -> Response:
    enter(user, second=kind)
    if kind is Kind.RECOVERY:
        left = two_factor.codes_left(user)
        flash(
            f"You used up a recovery code; {left or 'none'} {'is' if left == 1 else 'are'} left. "
            "You can make new ones in your account, under Two-factor.",
            "warning",
        )
    response = make_response(redirect(_wanted()))
    known_browser.remember(response, user)
    db.session.commit()
    return response


def _from_the_start(why: str) -> ResponseReturnValue:
    half_way.forget()
    if why:
        flash(why, "warning")
    return redirect(url_for("auth.login", next=request.args.get("next")))


def _later(throttled: Throttled, page: str) -> ResponseReturnValue:
    return page, 429, {"Retry-After": str(throttled.seconds)}


def _password_page(form: SignInForm) -> str:
    return render_template("auth/login.html", form=form)


def _code_page(form: CodeForm) -> str:
    wanted = request.args.get("next")
    return render_template("auth/code.html", form=form, by_recovery=_by_recovery(), wanted=wanted)


def _by_recovery() -> bool:
    return request.args.get("by") == "recovery"


def _client(email: str) -> Client:
    return Client(address(), known_browser.mark_for(email))


def _wanted() -> str:
    """Where the person was going. Only to a page of ours: anything with a host goes nowhere."""
    wanted = request.args.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith("//")
    return (
        wanted
        if is_ours and wanted.isprintable() and "\\" not in wanted
        else url_for("dashboard.index")
    )
