"""Noting when each person signed in last, in whatever way that was."""

from flask import Flask
from flask_login import user_logged_in

from app.database import now
from app.models import User


@user_logged_in.connect
def note_sign_in(_app: Flask, user: User) -> None:
    """Whoever lets the person in commits."""
    user.signed_in_at = now()
