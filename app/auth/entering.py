"""Letting somebody in, and out again."""

from flask import request, session
from flask_login import login_user, logout_user

from app.access import address, my_session
from app.models import User
from app.services import audit, sessions

_KEY = "_user_id"  # where flask-login looks for what our loader is given


def enter(user: User, second: str | None = None) -> None:
    """Begin a session in this browser; `second` is the kind of code, if one was asked for. The caller commits."""
    session.clear()  # nothing that was planted before the sign-in outlives it
    login_user(user)
    session[_KEY] = sessions.begin(user, address(), request.headers.get("User-Agent", ""))
    detail = {"second_factor": second} if second else {}
    audit.record(user, "sign_in", address=address(), **detail)


def leave() -> None:
    """End the session, so that a copy of its cookie is worth nothing either. The caller commits."""
    if here := my_session():
        sessions.end(here)
    logout_user()
    session.clear()
