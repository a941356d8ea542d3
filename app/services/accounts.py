"""People's accounts: making one, and finding whose email and password these are."""

import functools
import re
import secrets
from dataclasses import dataclass

from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from zxcvbn import zxcvbn

from app.extensions import db
from app.models import Role, User, UserSession
from app.models.user import hasher
from app.services import sessions

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128
LONGEST_EMAIL = 254
# What zxcvbn gives for at least 10^8 guesses: out of reach of whoever tries at a sign-in that is throttled.
SAFE = 3
LOOKED_AT = 72  # of a password's characters; zxcvbn gets slow with long ones
# Signs that may stand for a letter, and how many kinds of them are looked at: zxcvbn tries each with each, which takes
# many seconds where there are all. Whoever disguises a word has few.
_DISGUISES, KINDS_OF_DISGUISE = "4@8({[<3691!|70$5+%2", 8
# Whoever guesses for us would begin with these.
OUR_WORDS = ("giga", "tools", "giga tools", "gigatools", "zendesk")

# As browsers check an email field, with a domain's labels as the DNS has them.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})*")


class AccountRefused(ValueError):
    """Its message says what is wrong with the email or the password."""


def create_user(email: str, role: Role, password: str) -> User:
    """A new account. Raises AccountRefused. The caller commits."""
    email = parse_email(email)
    return _add(email, role, new_hash(password, email))


def create_without_password(email: str, role: Role) -> User:
    """A new account, whose person will choose their password. Raises AccountRefused. The caller commits."""
    return _add(parse_email(email), role)


def _add(email: str, role: Role, password_hash: str = "") -> User:
    known = AccountRefused(f"There is an account for {email} already.")
    if by_email(email):
        raise known
    user = User(email=email, role=role, password_hash=password_hash)
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:  # somebody else made it at the same moment
        db.session.rollback()
        raise known from None
    return user


def parse_email(text: str) -> str:
    """The email as it is kept: one person cannot have two accounts that differ in capitals. Raises AccountRefused."""
    email = text.strip().lower()
    if not email.isascii():
        raise AccountRefused(
            "Type the email address with plain letters. Other letters look alike too easily; "
            "a domain that has them can be written in its form that begins with xn--."
        )
    if len(email) > LONGEST_EMAIL:
        raise AccountRefused(f"An email address has at most {LONGEST_EMAIL} characters.")
    if not _EMAIL.fullmatch(email):
        what = f"“{email}”" if email.isprintable() else "This"
        raise AccountRefused(f"{what} is not an email address, such as ada@example.com.")
    return email


def check_password(password: str, email: str) -> None:
    """Raises AccountRefused for a password that would soon be guessed. `email`: of the person whose it is to be."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(
            f"A password needs at least {SHORTEST_PASSWORD} characters. "
            "Three words that have nothing to do with each other are easy to keep in mind."
        )
    if len(password) > LONGEST_PASSWORD:
        raise AccountRefused(f"A password can have at most {LONGEST_PASSWORD} characters.")
    if _is_tried_first(password, email):
        raise AccountRefused(
            "This password is among those that are tried first, or very like one. Choose another: three or four words "
            "that have nothing to do with each other, with you, or with Giga Tools."
        )


def _is_tried_first(password: str, email: str) -> bool:
    """Signs between the letters are looked through, for they are what people add first."""
    theirs = [email, *re.split(r"[^a-z0-9]+", email), *OUR_WORDS]
    bare = "".join(sign for sign in password if sign.isalnum())
    return any(
        zxcvbn(_soon_done(one), user_inputs=theirs)["score"] < SAFE
        for one in (password, bare or " ")
    )


def _soon_done(password: str) -> str:
    """As much of the password as is looked at, with other signs for those disguises that are too many."""
    looked_at = password[:LOOKED_AT]
    kinds = [sign for sign in dict.fromkeys(looked_at) if sign in _DISGUISES]
    return looked_at.translate(str.maketrans(dict.fromkeys(kinds[KINDS_OF_DISGUISE:], "~")))


def by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


@dataclass(frozen=True)
class Tried:
    """What came of an email and a password. `refusal` is for the audit log, and empty where nothing is wrong."""

    user: User | None
    refusal: str = ""


def authenticate(email: str, password: str) -> Tried:
    """Whose email and password these are. The answer takes as long whether there is such an account or not."""
    user = by_email(email)
    kept = (user.password_hash if user and user.enabled else "") or _nobodys_hash()
    db.session.commit()  # hashing takes a while, and nobody should wait for our lock meanwhile
    fits = _belongs(password, kept)
    anew = hasher.hash(password) if fits and hasher.check_needs_rehash(kept) else ""
    user = by_email(email)
    if user is None:
        return Tried(None, "no such account")
    if not user.enabled:
        return Tried(user, "switched off")
    if not fits or user.password_hash != kept:  # or it was changed at this moment
        return Tried(user, "wrong password")
    if anew:
        user.password_hash = anew  # as costly as passwords are kept today
    return Tried(user)


def is_password(user: User, password: str) -> bool:
    """Commits before it hashes, which takes a while."""
    kept = user.password_hash
    db.session.commit()
    return _belongs(password, kept)


def new_hash(password: str, email: str) -> str:
    """What is kept of a new password. `email`: of the person whose it is to be. Raises AccountRefused.

    Commits before it looks at the password and hashes it, which takes a while.
    """
    db.session.commit()
    check_password(password, email)
    return hasher.hash(password)


def change_password(user: User, password: str, but: UserSession | None = None) -> int:
    """Ends all sessions of the user except one, and gives how many. Raises AccountRefused. The caller commits."""
    user.password_hash = new_hash(password, user.email)
    return sessions.end_all(user, but)


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
