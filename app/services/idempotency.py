"""Calls that a program may send again without having them done again (Idempotency-Key)."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from app.database import now
from app.extensions import db, rows_changed
from app.models import IdempotencyKey, User

KEPT = timedelta(hours=24)
# Whoever works on a call for longer than this has died: a request ends long before.
GIVEN_UP_AFTER = timedelta(minutes=2)


class OtherContent(Exception):
    """The key was used for something else."""


class InProgress(Exception):
    """Somebody works on this very call now."""


def take(user: User, key: str, fingerprint: str) -> IdempotencyKey:
    """The call with this key: answered before, or ours to answer now. Commits.

    Raises OtherContent, InProgress.
    """
    user_id = user.id
    _forget(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
    call = _call(user_id, key) or _new(user_id, key, fingerprint)
    if call is None:  # somebody else was quicker by a moment
        raise InProgress
    if call.fingerprint != fingerprint:
        raise OtherContent
    if call.status is None and not _is_ours(call):
        raise InProgress
    db.session.commit()
    return call


def mark(call_id: int, submission_key: str) -> None:
    """Remember what the job will carry that is about to be made. Commits."""
    marking = update(IdempotencyKey).where(IdempotencyKey.id == call_id)
    rows_changed(marking.values(submission_key=submission_key))
    db.session.commit()


def keep(call_id: int, status: int, body: str, location: str | None) -> None:
    """Remember what was answered. Commits."""
    values = {"status": status, "body": body, "location": location}
    rows_changed(update(IdempotencyKey).where(IdempotencyKey.id == call_id).values(**values))
    db.session.commit()


def forget(call_id: int) -> None:
    """It was refused, and nothing was begun: the key is free again. Commits."""
    rows_changed(delete(IdempotencyKey).where(IdempotencyKey.id == call_id))
    db.session.commit()


def give_back(call_id: int) -> None:
    """We failed, and nobody knows how far we came: the same call may be tried again at once. Commits."""
    freed = update(IdempotencyKey).where(IdempotencyKey.id == call_id)
    rows_changed(freed.values(taken_at=now() - GIVEN_UP_AFTER))
    db.session.commit()


def forget_old() -> int:
    """Remove what is older than a day. The caller commits."""
    return _forget()


def _forget(*conditions: ColumnElement[bool]) -> int:
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at <= now() - KEPT)
    return rows_changed(old.where(*conditions))


def _call(user_id: int, key: str) -> IdempotencyKey | None:
    found = select(IdempotencyKey).where(
        IdempotencyKey.user_id == user_id, IdempotencyKey.key == key
    )
    return db.session.scalar(found.execution_options(populate_existing=True))


def _new(user_id: int, key: str, fingerprint: str) -> IdempotencyKey | None:
    """None if there is one after all."""
    call = IdempotencyKey(user_id=user_id, key=key, fingerprint=fingerprint)
    call.taken_at = now() - GIVEN_UP_AFTER  # ours by the same step as one that was given up
    db.session.add(call)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return _call(user_id, key)
    return call


def _is_ours(call: IdempotencyKey) -> bool:
    """Did we take it up, and nobody else at the same moment?"""
    free = update(IdempotencyKey).where(
        IdempotencyKey.id == call.id,
        IdempotencyKey.status.is_(None),
        IdempotencyKey.taken_at <= now() - GIVEN_UP_AFTER,
    )
    return rows_changed(free.values(taken_at=now())) == 1
