"""Signing in and out, and the rule that every page asks for it."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select

from app.extensions import db, login_manager
from app.models import User

bp = Blueprint("auth", __name__)

from app.auth import routes  # noqa: E402

__all__ = ["bp", "init_app", "routes"]


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.before_request(ask_for_sign_in)


@login_manager.user_loader
def user_of_session(session_key: str) -> User | None:
    user = db.session.scalar(select(User).where(User.session_key == session_key))
    return user if user and user.enabled else None


def ask_for_sign_in() -> Response | None:
    """Deny by default: only what is marked public, and files, are there for everybody."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or getattr(view, "is_public", False):
        return None
    if current_user.is_authenticated:
        return None
    return _to_sign_in()


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
