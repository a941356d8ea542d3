"""Who has typed the right password, and not yet the code. Kept in the browser's cookie, signed, for five minutes."""

import hashlib
import hmac
import secrets
import time

from flask import session

from app.extensions import db
from app.models import User

LASTS = 300  # seconds
_NAME = "half_way"


def remember(user: User) -> None:
    """Nothing that was planted before outlives it; and this opens no page, for it is no session."""
    session.clear()
    session[_NAME] = [user.id, int(time.time()), _mark(user), secrets.token_urlsafe(12)]


def who() -> tuple[User, str] | None:
    """The person, and a name for this attempt. None if it was long ago, or if the account has changed since."""
    try:
        user_id, began, mark, attempt = session[_NAME]
    except (KeyError, TypeError, ValueError):
        return None
    user = db.session.get(User, user_id) if time.time() - began < LASTS else None
    if user is None or not user.enabled or not hmac.compare_digest(_mark(user), mark):
        return None
    return user, attempt


def forget() -> None:
    session.pop(_NAME, None)


def _mark(user: User) -> str:
    """Another for each password, so that a new one ends what was begun with the old."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]
