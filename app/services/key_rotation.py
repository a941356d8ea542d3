"""What older keys have encrypted, encrypted anew with the first of ENCRYPTION_KEYS.

Which columns hold secrets is read from the tables themselves: there is no list of them to be out of date.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Table, Text, column, or_, select, table, tuple_, update

from app.database import tried_again, writing
from app.extensions import db, rows_changed
from app.models.secret import Secret, each_key
from app.services import audit

_AT_ONCE = 200  # rows of one transaction


class Age(Enum):
    NEWEST = "newest"  # the first key encrypted it
    OLDER = "older"
    UNREADABLE = "unreadable"  # none of the keys did


@dataclass(frozen=True)
class Found:
    """A secret, by where it is; never what it is."""

    place: str  # table and column
    key: str  # of the row
    age: Age


@dataclass(frozen=True)
class _Kept:
    """A table's secrets as they are in the database, encrypted. `rows` has its key and them, as plain text."""

    rows: Any
    key: list[str]
    secrets: list[str]

    @property
    def key_columns(self) -> list[Any]:
        return [self.rows.c[name] for name in self.key]


def look() -> Iterator[Found]:
    """Every secret there is. Holds no transaction between the pieces that it reads."""
    known = each_key()
    for kept in _all():
        for piece in _pieces(kept):
            for row in piece:
                yield from _found(kept, row, known)


def rotate() -> Counter[Age]:
    """Encrypt anew what is not the first key's. How many secrets there were of each age. Commits, piece by piece.

    The app may run meanwhile, if all its processes have the first key already: what changes under our hands is left.
    """
    known, ages = each_key(), Counter[Age]()
    for kept in _all():
        for piece in _pieces(kept):
            ages.update(found.age for row in piece for found in _found(kept, row, known))
            _encrypt_anew(kept, piece, known)
    if ages[Age.OLDER]:
        _note(ages)
    return ages


def _all() -> Iterator[_Kept]:
    for one in db.metadata.sorted_tables:
        if secrets := [part.name for part in one.columns if isinstance(part.type, Secret)]:
            yield _Kept(_plain(one), [part.name for part in one.primary_key], secrets)


def _plain(one: Table) -> Any:
    """The table, with its secrets as the texts that the database has."""
    kinds = [(part, Text() if isinstance(part.type, Secret) else part.type) for part in one.columns]
    return table(one.name, *(column(part.name, kind) for part, kind in kinds))


def _pieces(kept: _Kept) -> Iterator[list[Any]]:
    """Rows that have any secret, by their key."""
    wanted = select(kept.rows).where(or_(*(kept.rows.c[one].is_not(None) for one in kept.secrets)))
    wanted = wanted.order_by(*kept.key_columns).limit(_AT_ONCE)
    after = None
    while piece := _piece(kept, wanted, after):
        yield piece
        after = tuple(getattr(piece[-1], name) for name in kept.key)


def _piece(kept: _Kept, wanted: Any, after: tuple[Any, ...] | None) -> list[Any]:
    if after is not None:
        wanted = wanted.where(tuple_(*kept.key_columns) > after)
    rows = list(db.session.execute(wanted))
    db.session.rollback()
    return rows


def _found(kept: _Kept, row: Any, known: list[Fernet]) -> Iterator[Found]:
    key = ", ".join(str(getattr(row, name)) for name in kept.key)
    for name in kept.secrets:
        if (token := getattr(row, name)) is not None:
            yield Found(f"{kept.rows.name}.{name}", key, _age(token, known))


def _age(token: str, known: list[Fernet]) -> Age:
    if _opened(token, known[:1]) is not None:
        return Age.NEWEST
    return Age.UNREADABLE if _opened(token, known) is None else Age.OLDER


def _opened(token: str, known: list[Fernet]) -> bytes | None:
    for key in known:
        try:
            return key.decrypt(token.encode())
        except InvalidToken:
            continue
    return None


@tried_again()
def _encrypt_anew(kept: _Kept, piece: list[Any], known: list[Fernet]) -> None:
    """Only what is still as it was read."""
    try:
        with writing():
            for row in piece:
                for name in kept.secrets:
                    _replace(kept, row, name, known)
            db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def _replace(kept: _Kept, row: Any, name: str, known: list[Fernet]) -> None:
    token = getattr(row, name)
    if token is None or _opened(token, known[:1]) is not None:
        return
    if (secret := _opened(token, known)) is None:
        return
    here = [kept.rows.c[part] == getattr(row, part) for part in kept.key]
    as_read = update(kept.rows).where(*here, kept.rows.c[name] == token)
    rows_changed(as_read.values({name: known[0].encrypt(secret).decode()}))


def _note(ages: Counter[Age]) -> None:
    with writing():
        audit.record(None, "secrets.rotate", encrypted_anew=ages[Age.OLDER])
        db.session.commit()
