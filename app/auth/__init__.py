"""Signing in and out, and the rule that every page asks for it."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, g, redirect, request, url_for
from flask_login import current_user

from app.access import me, must_set_up_two_factor
from app.extensions import db, login_manager
from app.models import User
from app.services import sessions

bp = Blueprint("auth", __name__)

from app.auth import last_sign_in, links, routes  # noqa: E402

__all__ = ["bp", "init_app", "last_sign_in", "links", "routes"]


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.before_request(ask_for_sign_in)
    app.before_request(ask_for_two_factor)
    app.teardown_request(note_seen)


@login_manager.user_loader
def user_of_session(key: str) -> User | None:
    found = sessions.find(key)
    if found is None:
        return None
    user, session = found
    g.user_session, g.seen_before = session, (session.id, session.last_seen_at)
    return user


def note_seen(_error: BaseException | None) -> None:
    """After the answer was made, when the request's own transaction is over and stands in nobody's way."""
    if seen_before := g.pop("seen_before", None):
        db.session.remove()
        sessions.note_seen(*seen_before)


def ask_for_sign_in() -> Response | None:
    """Deny by default: only what is marked public, and files, are there for everybody."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or getattr(view, "is_public", False):
        return None
    if getattr(view, "is_for_programs", False) or current_user.is_authenticated:
        return None
    return _to_sign_in()


def ask_for_two_factor() -> Response | None:
    """Lead an admin to set it up, where that is demanded; nothing else is open, and nothing is done."""
    view = current_app.view_functions.get(request.endpoint or "")
    marks = ("is_public", "is_for_programs", "is_before_two_factor")
    is_open = any(getattr(view, mark, False) for mark in marks)
    if view is None or request.endpoint == "static" or is_open:
        return None
    if not (current_user.is_authenticated and must_set_up_two_factor(me())):
        return None
    there = url_for("account.two_factor")
    if request.headers.get("HX-Request"):
        return Response(status=403, headers={"HX-Redirect": there})
    return redirect(there)  # type: ignore[return-value]


def _to_sign_in() -> Response:
    if request.headers.get("HX-Request"):
        # A fragment cannot show the sign-in: the whole page goes there, and comes back.
        sign_in = url_for("auth.login", next=_page_around())
        return Response(status=401, headers={"HX-Redirect": sign_in})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.login", next=wanted))  # type: ignore[return-value]


def _page_around() -> str | None:
    """The page that a fragment was asked for by, without its host, which anybody may claim."""
    try:
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return None
    return parts._replace(scheme="", netloc="", fragment="").geturl() or None
