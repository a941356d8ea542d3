"""What is said after a new password: the access tokens that somebody may have made meanwhile outlive it."""

from flask import flash, url_for
from markupsafe import Markup

from app.models import User
from app.services import api_tokens


def tell_of_tokens(user: User) -> None:
    """On the next page, with the way to them; nothing if none of the person's tokens works."""
    number = api_tokens.number_that_work(user)
    if not number:
        return
    words = (
        "One access token of yours still works: a new password does not end it."
        if number == 1
        else f"{number} access tokens of yours still work: a new password does not end them."
    )
    link = Markup('<a href="{}">Access tokens</a>').format(url_for("account.tokens"))
    flash(Markup("{} Revoke what you do not know: {}").format(words, link), "warning")
