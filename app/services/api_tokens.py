"""Access tokens of programs: make one, know it again, note its use, revoke it."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import func, or_, select, update

from app.database import done_unless_busy, now
from app.extensions import db, rows_changed
from app.models import ApiToken, Scope, User
from app.services import audit

# So that programs which look for leaked secrets know it as one.
START = "giga_"
LENGTH = len(START) + 40
SHOWN = 10  # of its first characters, by which people tell it from others
DAYS = (7, 30, 90, 365)
LONGEST_NAME = 80
NOTED_EVERY = timedelta(minutes=1)


def create(
    owner: User,
    name: str,
    scope: Scope,
    days: int,
    by: User | None = None,
    address: str = "",
) -> str:
    """A new token for the owner, which can be had only now. The caller commits."""
    secret = START + secrets.token_urlsafe(30)
    token = ApiToken(
        user=owner,
        name=name,
        prefix=secret[:SHOWN],
        token_hash=_hash(secret),
        scope=scope,
        expires_at=now() + timedelta(days=days),
    )
    db.session.add(token)
    what = {"name": name, "scope": scope, "days": days, "token": token.prefix}
    audit.record(by, "token.create", owner.email, address, **what)
    return secret


def owner_of(secret: str) -> ApiToken | None:
    """The token that this is, if it lets anybody in."""
    if not secret.startswith(START) or len(secret) != LENGTH:
        return None
    token = db.session.scalar(select(ApiToken).where(ApiToken.token_hash == _hash(secret)))
    return token if token and token.is_good else None


def note_use(token: ApiToken) -> None:
    """Keep that it is used now, at most once a minute. Nobody waits for that: where another writes, it is left out.

    Commits, so that a request that may write does not stand in its own way.
    """
    before = now() - NOTED_EVERY
    if token.last_used_at is not None and token.last_used_at > before:
        return
    due = (
        ApiToken.id == token.id,
        or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= before),
    )
    db.session.commit()
    done_unless_busy(db.engine, update(ApiToken).where(*due).values(last_used_at=now()))


def of_user(user: User) -> list[ApiToken]:
    """The person's tokens, newest first."""
    rows = select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id.desc())
    return list(db.session.scalars(rows))


def number_that_work(user: User) -> int:
    """How many of the person's tokens let a program in."""
    mine = (ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now())
    return db.session.scalar(select(func.count()).select_from(ApiToken).where(*mine)) or 0


def everybodys() -> list[ApiToken]:
    """All tokens, by their owner, newest first."""
    rows = select(ApiToken).join(ApiToken.user).order_by(User.email, ApiToken.id.desc())
    return list(db.session.scalars(rows))


def revoke(token: ApiToken, by: User | None = None, address: str = "") -> bool:
    """Let it in no more. False if it was revoked before. The caller commits."""
    unless_revoked = update(ApiToken).where(ApiToken.id == token.id, ApiToken.revoked_at.is_(None))
    if not rows_changed(unless_revoked.values(revoked_at=now())):
        return False
    db.session.refresh(token)
    what = {"name": token.name, "token": token.prefix}
    audit.record(by, "token.revoke", token.user.email, address, **what)
    return True


def revoke_all(user: User, by: User | None = None, address: str = "") -> int:
    """Let none of the person's programs in any more. How many tokens that ended. The caller commits."""
    return sum(revoke(one, by, address) for one in of_user(user))


def _hash(secret: str) -> str:
    """Random as the token is, nobody can guess it from a hash that is made quickly."""
    return hashlib.sha256(secret.encode()).hexdigest()
