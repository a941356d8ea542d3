"""Forgotten passwords: asking for a link oneself, without being signed in.

Whoever asks must not learn whether there is an account. So the page only notes what was typed, for everybody alike;
a worker looks later whose it is.
"""

from limits import RateLimitItemPerHour
from redis import RedisError
from sqlalchemy import select

from app.database import now
from app.extensions import db
from app.models import AccountLink, Purpose, User
from app.services import account_links, account_mail, accounts, audit, throttle
from app.services.account_links import LASTS
from app.services.mail import MailFailed
from app.services.windows import hidden, in_redis

# So that nobody's mailbox is filled by us. An office may share one address.
OF_ADDRESS = RateLimitItemPerHour(30, namespace="address")
OF_EMAIL = RateLimitItemPerHour(3, namespace="email")


def ask(email: str, address: str) -> int | None:
    """Note that somebody wants a link for this email. Gives the id of what was noted; None if that was too often.

    The caller commits, and has `answer` called by a worker.
    """
    email = email.strip().lower()
    if not (_is_free(OF_ADDRESS, throttle.place(address)) and _is_free(OF_EMAIL, email)):
        return None
    account_links.forget_old()
    asked = AccountLink(
        purpose=Purpose.RESET,
        email=email,
        address=address,
        expires_at=now() + LASTS[Purpose.RESET],
    )
    db.session.add(asked)
    db.session.flush()
    return asked.id


def answer(link_id: int) -> None:
    """Mail the link, if there is an account that it may be for. Commits."""
    asked = db.session.scalar(
        select(AccountLink).where(AccountLink.id == link_id, AccountLink.token_hash.is_(None))
    )
    if asked is None:
        return  # answered already
    user = _whose(asked)
    if user is None or account_mail.why_not():
        db.session.delete(asked)
        db.session.commit()
        return
    token, email, address = account_links.give(asked, user), user.email, asked.address
    audit.record(user, "user.password.forgotten", email, address)
    db.session.commit()
    try:
        account_mail.offer_new_password(email, token)
    except MailFailed as failed:
        audit.record(None, "user.password.forgotten.unmailed", email, address, reason=str(failed))
        db.session.commit()


def _whose(asked: AccountLink) -> User | None:
    """An invitation that has expired is not made good by this: whoever has no password yet asks an admin."""
    user = accounts.by_email(asked.email) if asked.expires_at > now() else None
    return user if user and user.enabled and not user.is_invited else None


def _is_free(limit: RateLimitItemPerHour, of: str) -> bool:
    """Count it. False if there were too many, or if nobody can count: the worker could not be reached then either."""
    try:
        return in_redis("forgotten").hit(limit, hidden(of))
    except RedisError:
        return False
