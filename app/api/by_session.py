"""Letting in the page of somebody who is signed in, where programs with a token may ask too."""

from flask import current_app, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from app.access import me, must_set_up_two_factor
from app.api.problems import Problem
from app.database import SAFE_METHODS
from app.extensions import csrf

NO_TWO_FACTOR = "Admins sign in with two-factor here. Set it up in your account first."
STALE = "Send the page's form token as X-CSRFToken. It may be too old: reload the page. Nothing was changed."


def let_in() -> bool:
    """False where a token decides: one was sent, or nobody is signed in. Raises Problem.

    What changes something needs the page's form token too, since a page elsewhere may have made the browser send it.
    """
    if "Authorization" in request.headers or not current_user.is_authenticated:
        return False
    if request.method not in SAFE_METHODS and current_app.config["WTF_CSRF_ENABLED"]:
        try:
            csrf.protect()
        except CSRFError:
            raise Problem(400, STALE) from None
    if must_set_up_two_factor(me()):
        raise Problem(403, NO_TWO_FACTOR)
    return True
