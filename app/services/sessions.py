"""Sessions: begun by a sign-in, listed, ended one by one or all at once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Update, and_, delete, or_, select, update
from sqlalchemy.sql import ColumnElement

from app.database import done_unless_busy, now
from app.extensions import db, rows_changed
from app.models import User, UserSession

# A cookie that was copied is of no use for ever: a person signs in at least once a month.
OLDEST = timedelta(days=30)
# Somebody back from two weeks of holiday signs in once; a browser that was left behind is shut by then.
IDLE = timedelta(days=14)
# Exact enough for people who look through their sessions, and a write a minute at most.
SEEN_EVERY = timedelta(minutes=1)


def begin(user: User, address: str, user_agent: str) -> str:
    """A new session of the user. Gives the key for the cookie, which is kept nowhere else. The caller commits."""
    key = secrets.token_urlsafe(32)
    cut = user_agent.replace("\0", "")[:255]
    db.session.add(
        UserSession(key_hash=_hash(key), user_id=user.id, address=address[:45], user_agent=cut)
    )
    return key


def find(key: str) -> tuple[User, UserSession] | None:
    """Whose session it is, and the session; None if it has ended, or the account is switched off."""
    here = (UserSession.key_hash == _hash(key), _is_open(), User.enabled)
    found = db.session.execute(
        select(User, UserSession).join(UserSession, UserSession.user_id == User.id).where(*here)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def open_of(user: User) -> list[UserSession]:
    """The user's sessions, the one that was seen last first."""
    mine = (UserSession.user_id == user.id, _is_open())
    return list(
        db.session.scalars(
            select(UserSession).where(*mine).order_by(UserSession.last_seen_at.desc())
        )
    )


def end(session: UserSession) -> None:
    """The caller commits."""
    rows_changed(_ending(UserSession.id == session.id))


def end_all(user: User, but: UserSession | None = None) -> int:
    """End the user's sessions, except one. How many there were. The caller commits."""
    others = [] if but is None else [UserSession.id != but.id]
    return rows_changed(_ending(UserSession.user_id == user.id, *others))


def forget_old() -> int:
    """Delete those that ended or were too old a day ago. How many. The caller commits."""
    yesterday = now() - timedelta(days=1)
    over = or_(
        UserSession.ended_at < yesterday,
        UserSession.created_at < yesterday - OLDEST,
        UserSession.last_seen_at < yesterday - IDLE,
    )
    return rows_changed(delete(UserSession).where(over))


def note_seen(session_id: int, seen_before: datetime) -> None:
    """Keep that the session is in use, if that was not kept within the last minute.

    In a transaction of its own, which waits for nobody: a page must not become slow, or fail, by it. What could not
    be kept now is kept by the next page.
    """
    if now() >= seen_before + SEEN_EVERY:
        done_unless_busy(db.engine, _seen(session_id))


def _seen(session_id: int) -> Update:
    due = UserSession.last_seen_at < now() - SEEN_EVERY
    return update(UserSession).where(UserSession.id == session_id, due).values(last_seen_at=now())


def _is_open() -> ColumnElement[bool]:
    return and_(
        UserSession.ended_at.is_(None),
        UserSession.created_at > now() - OLDEST,
        UserSession.last_seen_at > now() - IDLE,
    )


def _ending(*which: ColumnElement[bool]) -> Update:
    return update(UserSession).where(*which, UserSession.ended_at.is_(None)).values(ended_at=now())


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
