"""How the local copy stands: of which account, how old, who renews it, and what went wrong the last time."""

import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from app.database import now, tried_again, writing
from app.extensions import db
from app.models import CopiedMacro, MacroCopy, MacroUse, ZendeskName
from app.services import connection
from app.services.connection import NotConnected
from app.services.macro_library import word_index

RENEWED_AFTER = timedelta(minutes=10)
TRIED_AGAIN_AFTER = timedelta(minutes=2)  # when it failed
OLD_AFTER = timedelta(minutes=30)  # several tries came to nothing: people should know
ASKED_FOR = timedelta(seconds=60)  # nobody answered for so long: somebody may ask again
LEASE = timedelta(seconds=60)  # renewed with every call and every piece that is written


class Overtaken(Exception):
    """Somebody else renews the copy now, or it is to be of another account."""


@dataclass(frozen=True)
class Freshness:
    """`copied_at` is None where there is no copy of this account yet."""

    copied_at: datetime | None
    is_renewing: bool  # or about to be
    trouble: str
    tells_usage: bool
    tried_at: datetime | None

    @property
    def is_old(self) -> bool:
        return self.copied_at is not None and now() - self.copied_at > OLD_AFTER

    @property
    def age(self) -> float | None:
        """Seconds since it was whole."""
        return (now() - self.copied_at).total_seconds() if self.copied_at else None

    @property
    def is_awaited(self) -> bool:
        """Is the first copy still to come?"""
        return self.copied_at is None and (self.is_renewing or not self.trouble)

    @property
    def is_due(self) -> bool:
        if self.is_renewing:
            return False
        if self.trouble:
            return self.tried_at is None or now() - self.tried_at >= TRIED_AGAIN_AFTER
        return self.copied_at is None or now() - self.copied_at >= RENEWED_AFTER


NO_COPY = Freshness(None, is_renewing=False, trouble="", tells_usage=False, tried_at=None)


def look() -> Freshness:
    """How the copy of the account in use stands. Raises NotConnected."""
    return _look(connection.account().base_url)


def is_due() -> bool:
    """Should the copy be renewed now? Not where there is nothing to copy from."""
    try:
        return look().is_due
    except NotConnected:
        return False


def _look(base_url: str) -> Freshness:
    row = db.session.execute(select(MacroCopy.__table__)).first()
    if row is None:
        return NO_COPY
    if row.base_url != base_url:
        return replace(NO_COPY, is_renewing=_was_asked(row))
    return Freshness(
        row.copied_at,
        is_renewing=_was_asked(row) or (row.held_until is not None and row.held_until > now()),
        trouble=row.trouble or "",
        tells_usage=row.tells_usage,
        tried_at=row.tried_at,
    )


def _was_asked(row: Any) -> bool:
    """Is a worker on its way? It has not begun since it was asked, and that was a moment ago."""
    if row.asked_at is None or now() - row.asked_at > ASKED_FOR:
        return False
    return row.tried_at is None or row.tried_at < row.asked_at


def note_asked(*, is_asked: bool) -> None:
    """Remember that a worker was asked to renew the copy just now, or that it could not be."""
    _make_row()
    _set_asked(now() if is_asked else None)


@tried_again()
def _set_asked(at: datetime | None) -> None:
    with writing(), db.engine.begin() as database:
        database.execute(update(MacroCopy).values(asked_at=at))


@dataclass(frozen=True)
class Lease:
    """The right to renew the copy, for as long as it is kept up."""

    holder: str
    base_url: str

    @classmethod
    def take(cls, base_url: str) -> "Lease | None":
        """None while somebody else has it. A copy of another account is thrown away, as it is none of this one's."""
        lease = cls(uuid.uuid4().hex, base_url)
        _make_row()
        return lease if lease._take() else None

    @tried_again()
    def keep_up(self) -> None:
        """Raises Overtaken."""
        with writing(), db.engine.begin() as database:
            self.fence(database)

    def fence(self, database: Connection) -> None:
        """Keep it up within a transaction that writes to the copy. Raises Overtaken."""
        self._set(database, held_until=now() + LEASE)

    def finish(self, database: Connection, *, tells_usage: bool) -> None:
        """The copy is whole: let go of it."""
        self._set(
            database,
            **_FREE,
            copied_at=now(),
            tells_usage=tells_usage,
            trouble=None,
        )

    @tried_again()
    def give_up(self, trouble: str) -> None:
        """Let go of it, if it is still ours, and say why the copy stays as it was."""
        with suppress(Overtaken), writing(), db.engine.begin() as database:
            self._set(database, **_FREE, trouble=trouble)

    @tried_again()
    def _take(self) -> bool:
        free = or_(MacroCopy.held_until.is_(None), MacroCopy.held_until <= now())
        other = MacroCopy.base_url != self.base_url
        taken = {"holder": self.holder, "held_until": now() + LEASE, "tried_at": now()}
        with writing(), db.engine.begin() as database:
            fresh = {"base_url": self.base_url, "copied_at": None, "trouble": None}
            if database.execute(update(MacroCopy).where(other).values(**taken, **fresh)).rowcount:
                _empty(database)
                return True
            return database.execute(update(MacroCopy).where(free).values(**taken)).rowcount > 0

    def _set(self, database: Connection, **values: object) -> None:
        mine = update(MacroCopy).where(MacroCopy.holder == self.holder)
        if not database.execute(mine.values(**values)).rowcount:
            raise Overtaken


_FREE = {"holder": None, "held_until": None}


@tried_again()
def _make_row() -> None:
    """The one row, unless it is there. Two who make it at once make one."""
    with db.engine.connect() as database:
        if database.scalar(select(MacroCopy.id)) is not None:
            return
    try:
        with writing(), db.engine.begin() as database:
            row = {"id": MacroCopy.ONLY, "base_url": "", "tells_usage": False}
            database.execute(insert(MacroCopy).values(**row))
    except IntegrityError:
        return


def _empty(database: Connection) -> None:
    word_index.clear(database)
    for model in (MacroUse, CopiedMacro, ZendeskName):
        database.execute(delete(model))
