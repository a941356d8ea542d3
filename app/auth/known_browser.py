"""A cookie for browsers in which somebody has signed in, so that others who try cannot lock that person out.

A “device cookie”, as OWASP calls it. It opens nothing: its browser's tries are counted apart from everybody else's.
"""

import hashlib
import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.models import User

COOKIE = "giga_known_browser"
LASTS = 180 * 24 * 3600  # seconds


def mark_for(email: str) -> str:
    """The random mark of this browser, if the account was signed in to here; else empty."""
    try:
        whose, mark = _signer().loads(request.cookies.get(COOKIE, ""), max_age=LASTS)
    except (BadSignature, TypeError, ValueError):
        return ""
    return mark if whose == _hidden(email) else ""


def remember(response: Response, user: User) -> None:
    """A new mark each time, so that a copied cookie shares its tries with nobody for long."""
    response.set_cookie(
        COOKIE,
        _signer().dumps([_hidden(user.email), secrets.token_urlsafe(12)]),
        max_age=LASTS,
        path="/login",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known browser")


def _hidden(email: str) -> str:
    """The cookie stays on machines that others use: it names nobody."""
    plain = current_app.config["SECRET_KEY"] + email.strip().lower()
    return hashlib.sha256(plain.encode()).hexdigest()[:32]
