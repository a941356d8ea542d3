"""The page for the connection to Zendesk: look, change, connect, disconnect, test."""

from hmac import compare_digest

from flask import (
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.access import address, me
from app.admin import bp
from app.admin.forms import ConnectionForm
from app.database import writing
from app.extensions import db
from app.menu import Page
from app.models import Method
from app.services import checkup, connecting, credentials, standing
from app.services.checkup import Finding
from app.services.connecting import Refused
from app.services.connection import NotConnected
from app.zendesk.errors import ZendeskError
from app.zendesk.resources import Me

PAGE = Page(
    "Connection",
    "The Zendesk account, and how Giga Tools signs in to it.",
    "admin.show",
    place=10,
)
STATE = "zendesk_state"  # in the session: binds the walk to Zendesk to this browser

# What Zendesk may answer in place of a code (RFC 6749, 4.1.2.1).
DECLINED = {
    "access_denied": "Zendesk was told not to allow it. Nothing was changed.",
    "invalid_scope": "The OAuth client may not have the scopes read and write. Allow them in Zendesk, then try again.",
    "unauthorized_client": "The OAuth client may not connect in this way. Make it a confidential client in Zendesk.",
}
NO_CODE = (
    "Zendesk did not allow it, and gave no reason that we know. Nothing was changed. Try again."
)


@bp.get("/connection")
def show() -> str:
    return _page(_filled_in())


@bp.post("/connection")
def save() -> ResponseReturnValue:
    form = ConnectionForm()
    if not form.validate_on_submit():
        return _page(form), 422
    wanted = form.wanted()
    try:
        credentials.save(me(), wanted, address())
    except Refused as refused:
        db.session.rollback()
        form[refused.field or "subdomain"].errors = [str(refused)]
        return _page(form), 422
    if wanted.method is Method.AUTHORIZATION_CODE:
        flash("Saved. Press Connect to Zendesk, if you have not connected yet.", "success")
    else:
        flash("Saved. Test the connection to see whether it works.", "success")
    return _back()


@bp.post("/connection/connect")
def connect() -> ResponseReturnValue:
    """Send the admin to Zendesk.

    By a page that leads there, and no redirect: browsers apply our form-action policy to every redirect after a
    form, and Zendesk may go on to a sign-in page anywhere.
    """
    try:
        there, state = connecting.begin(me(), redirect_uri(), address())
    except (Refused, NotConnected) as error:
        flash(str(error), "danger")
        return _back()
    session[STATE] = state
    response = make_response(render_template("admin/leaving.html", there=there))
    response.headers["Refresh"] = f"0; url={there}"
    return response


@bp.get("/connection/callback")
def callback() -> ResponseReturnValue:
    """Zendesk sends the admin back to here, with a code or without."""
    # To learn who asks has begun a transaction that only reads, and SQLite may refuse to let such a one write.
    db.session.commit()
    with writing():
        try:
            me_there, woken = _connected()
        except (Refused, NotConnected, ZendeskError) as error:
            flash(str(error), "danger")
            return _back()
    flash(
        f"Connected as {me_there.name}, role {me_there.role}. Changes in Zendesk will carry this name."
        f"{_going_on(woken)}",
        "success",
    )
    return _back()


@bp.post("/connection/disconnect")
def disconnect() -> ResponseReturnValue:
    try:
        told = connecting.disconnect(me(), address())
    except NotConnected as error:
        flash(str(error), "danger")
        return _back()
    untold = " Zendesk could not be told: delete the token there too." if not told else ""
    flash(f"Disconnected. Jobs wait until an admin connects again.{untold}", "info")
    return _back()


@bp.post("/connection/forget")
def forget() -> ResponseReturnValue:
    try:
        credentials.forget(me(), address())
        flash("The settings in the database are gone. What the environment sets is used.", "info")
    except Refused as refused:
        flash(str(refused), "danger")
    return _back()


@bp.post("/connection/test")
def test() -> str:
    findings = checkup.run()
    if checkup.jobs_could_run(findings):
        connecting.wake_waiting_jobs()
    return _page(_filled_in(), findings)


def redirect_uri() -> str:
    """Where Zendesk sends people back to: at PUBLIC_URL, or else at the host that the request names.

    A proxy with TLS speaks plain HTTP to us, so the scheme is told by whether cookies are for HTTPS alone.
    """
    if public := current_app.config["PUBLIC_URL"].rstrip("/"):
        return public + url_for("admin.callback")
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else None
    return url_for("admin.callback", _external=True, _scheme=scheme)


def _connected() -> tuple[Me, int]:
    state, mine = request.args.get("state", ""), session.pop(STATE, "")
    is_mine = bool(mine) and compare_digest(state.encode(), mine.encode())
    attempt = connecting.take_attempt(me(), state if is_mine else "")
    code = request.args.get("code", "")
    if not code:
        raise Refused(DECLINED.get(request.args.get("error", ""), NO_CODE))
    return connecting.finish(me(), attempt, code, address())


def _page(form: ConnectionForm, findings: list[Finding] | None = None) -> str:
    return render_template(
        "admin/connection.html",
        form=form,
        findings=findings,
        could_run=findings is not None and checkup.jobs_could_run(findings),
        standing=standing.look(),
        redirect_uri=redirect_uri(),
    )


def _filled_in() -> ConnectionForm:
    """The form with what is set now, without secrets."""
    here = standing.look()
    form = ConnectionForm(formdata=None)
    form.method.data = here.choice.method if here.choice else Method.AUTHORIZATION_CODE
    if here.choice:
        form.subdomain.data = here.choice.subdomain
    if here.choice and here.is_in_database:
        form.client_id.data, form.email.data = here.stored_client_id, here.stored_email
    return form


def _going_on(jobs: int) -> str:
    if jobs == 1:
        return " One job that waited for this goes on now."
    return f" {jobs:,} jobs that waited for this go on now." if jobs else ""


def _back() -> ResponseReturnValue:
    return redirect(url_for("admin.show"))
