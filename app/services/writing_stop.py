"""Stopping all writing: the switch with which an admin keeps every job from changing anything in Zendesk.

It is a row in the database, so that it outlives whatever is restarted. What Zendesk has by then it carries out; the
results are settled as ever.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import now
from app.extensions import db, rows_changed
from app.models import ACTIVE, Job, User, WritingStop
from app.services import audit
from app.services.memo import forget, memo
from app.services.waits import WaitReason

LONGEST_REASON = 500  # characters
_MEMO = "writing_stop"
_OPEN = WritingStop.lifted_at.is_(None)
_FIRST = select(WritingStop).where(_OPEN).order_by(WritingStop.id).limit(1)


class NoReason(ValueError):
    """Its message says what is wrong with the reason that was given."""


@dataclass(frozen=True)
class Stop:
    """Who has stopped the writing, when, and why."""

    by: str
    since: datetime
    reason: str


def current() -> Stop | None:
    """The stop that holds now, as this process has known it within the last second. Raises SQLAlchemyError."""
    return memo(_MEMO, _read)


def may_write() -> bool:
    """May a call leave that changes something in Zendesk? Not while nobody can tell whether it may."""
    try:
        return current() is None
    except SQLAlchemyError:
        return False


def stop(user: User | None, reason: str, address: str = "") -> bool:
    """Let nothing be written from now on. False if that was so already. Raises NoReason. The caller commits."""
    reason = " ".join("".join(sign if sign.isprintable() else " " for sign in reason).split())
    if not reason:
        raise NoReason("Say why: everybody who works with Giga Tools sees it.")
    if len(reason) > LONGEST_REASON:
        raise NoReason(f"Use at most {LONGEST_REASON:,} characters.")
    if db.session.scalar(_FIRST):
        return False
    db.session.add(WritingStop(began_by=_name(user), reason=reason))
    audit.record(user, "writing.stop", address=address, reason=reason, before="on", after="off")
    forget(_MEMO)
    return True


def lift(user: User | None, address: str = "") -> int | None:
    """Let jobs write again. How many waited for that; None if nothing was stopped. The caller commits."""
    lifted = rows_changed(
        update(WritingStop).where(_OPEN).values(lifted_at=now(), lifted_by=_name(user))
    )
    if not lifted:
        return None
    waiting = update(Job).where(
        Job.wait_reason == WaitReason.WRITING_STOPPED, Job.status.in_(ACTIVE), ~Job.is_held
    )
    woken = rows_changed(waiting.values(wake_at=now(), wait_until=None))
    audit.record(user, "writing.resume", address=address, jobs=woken, before="off", after="on")
    forget(_MEMO)
    return woken


def _read(session: Session) -> Stop | None:
    row = session.scalar(_FIRST)
    return Stop(row.began_by, row.began_at, row.reason) if row else None


def _name(user: User | None) -> str:
    return user.email if user else "the command line"
