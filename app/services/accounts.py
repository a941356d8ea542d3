"""People's accounts: making one, and finding whose email and password these are."""

import functools
import re
import secrets

from argon2.exceptions import VerificationError
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
    kept = user.password_hash if user and user.enabled else _nobodys_hash()
    db.session.commit()  # hashing takes a while, and nobody should wait for our lock meanwhile
    return user if _belongs(password, kept) else None


def _belongs(password: str, kept: str) -> bool:
    try:
        return hasher.verify(kept, password)
    except VerificationError:
        return False


@functools.cache
def _nobodys_hash() -> str:
    """Checked where no account is, so that the answer takes as long as where there is one."""
    return hasher.hash(secrets.token_urlsafe())


def everybody() -> list[User]:
    """All people with an account, by their email."""
    return list(db.session.scalars(select(User).order_by(User.email)))
