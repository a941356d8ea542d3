"""Links with which people set their own password: made, looked at, used once.

A link is worth as much as a password, so it is shown or mailed once, and only its hash is kept.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, select

from app.database import now
from app.extensions import db, rows_changed
from app.models import AccountLink, Purpose, User
from app.services import accounts, audit, sessions

LASTS = {Purpose.INVITE: timedelta(days=7), Purpose.RESET: timedelta(hours=1)}
# Whoever is handed one by an admin may not be at their desk.
LASTS_FROM_ADMIN = {Purpose.INVITE: LASTS[Purpose.INVITE], Purpose.RESET: timedelta(hours=24)}
# The pages that open them. Mails name them too, where no request tells the address of a page.
PATHS = {Purpose.INVITE: "/invitation/", Purpose.RESET: "/reset/"}


class LinkGone(Exception):
    """The link was used, has expired, or another has taken its place."""


def path(purpose: Purpose, token: str) -> str:
    return PATHS[purpose] + token


def make(user: User, purpose: Purpose, by: User | None) -> str:
    """The token of a new link from an admin (None: the command line), which ends the earlier ones.

    The caller commits.
    """
    forget_old()
    end_all(user)
    token = _new_token()
    db.session.add(
        AccountLink(
            purpose=purpose,
            user_id=user.id,
            token_hash=hash_of(token),
            made_by_id=by.id if by else None,
            expires_at=now() + LASTS_FROM_ADMIN[purpose],
        )
    )
    return token


def give(link: AccountLink, user: User) -> str:
    """Make what somebody asked for a link of this user. Gives its token. The caller commits."""
    end_all(user, but=link)
    token = _new_token()
    link.user_id, link.email, link.token_hash = user.id, "", hash_of(token)
    link.expires_at = now() + LASTS[Purpose.RESET]
    return token


def find(token: str) -> tuple[AccountLink, User] | None:
    """The link that would work now, and whose it is."""
    found = db.session.execute(
        select(AccountLink, User)
        .join(User, User.id == AccountLink.user_id)
        .where(AccountLink.token_hash == hash_of(token), AccountLink.expires_at > now())
        .where(User.enabled)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def use(token: str, password: str, address: str) -> User:
    """Set the password of the person whose link it is, and sign them out everywhere. Signs nobody in. Commits.

    Raises AccountRefused, after which the link still works, and LinkGone.
    """
    found = find(token)
    if found is None:
        raise LinkGone
    link, user = found
    link_id, user_id = link.id, user.id
    hashed = accounts.new_hash(password, user.email)
    user = _locked(user_id)
    # One conditional DELETE decides who of two that use it is the first.
    still_there = delete(AccountLink).where(
        AccountLink.id == link_id, AccountLink.expires_at > now()
    )
    if user is None or not rows_changed(still_there):
        db.session.rollback()
        raise LinkGone
    was_invited, user.password_hash = user.is_invited, hashed
    end_all(user)
    sessions.end_all(user)
    audit.record(user, "user.password.link", user.email, address, first=was_invited)
    db.session.commit()
    return user


def _locked(user_id: int) -> User | None:
    """The user as they are now, unless they are switched off, which nobody can do meanwhile."""
    here = select(User).where(User.id == user_id, User.enabled).with_for_update(key_share=True)
    return db.session.scalar(here.execution_options(populate_existing=True))


def end_all(user: User, but: AccountLink | None = None) -> None:
    """The caller commits."""
    others = [] if but is None else [AccountLink.id != but.id]
    rows_changed(delete(AccountLink).where(AccountLink.user_id == user.id, *others))


def end_power_of(user: User) -> None:
    """End the user's own links, and those that they made as an admin: they may have kept some. The caller commits."""
    theirs = or_(AccountLink.user_id == user.id, AccountLink.made_by_id == user.id)
    rows_changed(delete(AccountLink).where(theirs))


def forget_old() -> None:
    """The caller commits."""
    rows_changed(delete(AccountLink).where(AccountLink.expires_at < now()))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _new_token() -> str:
    return secrets.token_urlsafe(32)
