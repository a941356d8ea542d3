"""People's accounts: making one, and finding whose email and password these are."""

import functools
import re
import secrets

from sqlalchemy import select

from app.extensions import db
from app.models import Role, User
from app.models.user import hasher

SHORTEST_PASSWORD = 12


class AccountRefused(ValueError):
    """Its message says what is wrong with the email or the password."""


def create_user(email: str, role: Role, password: str) -> User:
    """A new account. Raises AccountRefused. The caller commits."""
    email = email.strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email) or len(email) > 254:
        raise AccountRefused(f"“{email}” is not an email address.")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(f"A password needs at least {SHORTEST_PASSWORD} characters.")
    if by_email(email):
        raise AccountRefused(f"There is an account for {email} already.")
    user = User(email=email, role=role)
    user.set_password(password)
    db.session.add(user)
    return user


def by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def authenticate(email: str, password: str) -> User | None:
    """The person whose email and password these are, if the account is in use."""
    user = by_email(email)
    if user is None:
        _spend_the_time(password)
        return None
    return user if user.has_password(password) and user.enabled else None


def _spend_the_time(password: str) -> None:
    """So that the answer takes as long where there is no account as where there is one."""
    User(password_hash=_nobodys_hash()).has_password(password)


@functools.cache
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_urlsafe())
