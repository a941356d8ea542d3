"""What every process has to know all the time: read from the database, at most once a second."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.database import reading
from app.extensions import db

T = TypeVar("T")

SECONDS = 1.0


def memo(name: str, read: Callable[[Session], T]) -> T:
    """What `read` tells, or has told this process within the last second.

    It is read in a transaction of its own, which is over at once: whoever asks may be about to call Zendesk, or may
    have changed things that are not committed yet. Raises SQLAlchemyError.
    """
    known = _known()
    if (told := known.get(name)) and time.monotonic() - told[0] < SECONDS:
        return told[1]
    asked_at = time.monotonic()  # not later: what it tells is as old as the question
    with reading(), Session(db.engine) as session:
        value = read(session)
    known[name] = asked_at, value
    return value


def forget(name: str) -> None:
    """What it tells is being changed: this process is to read it anew, also once the change is committed."""
    known = _known()
    known.pop(name, None)
    event.listen(db.session(), "after_commit", lambda _: known.pop(name, None), once=True)


def _known() -> dict[str, tuple[float, Any]]:
    return current_app.extensions.setdefault("memo", {})
