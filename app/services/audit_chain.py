"""The chain that the audit log is sealed into: whoever changes, adds or takes away an entry breaks it.

An entry's seal is the SHA-256 of the seal before it and of the entry as canonical JSON. The ids of the table are no
order in which entries were committed, so they are sealed afterwards, and those that were committed late come later.

Without a key it is no proof against somebody who can write to the database and forges all seals from some entry on, or
takes the newest entries away. That shows against a head that was noted elsewhere (`flask audit verify --head`).
"""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    Table,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)

from app.extensions import db, rows_changed
from app.models import AuditCheckpoint, AuditEvent, User
from app.services import audit

AT_ONCE = 2_000  # entries sealed in one transaction, which others wait for on SQLite
_READ_AT_ONCE = 1_000
_LOCK = 7_183_004_521  # of PostgreSQL's advisory locks, ours

_SEALED = ("id", "at", "actor", "action", "target", "detail", "address")
_COLUMNS = [getattr(AuditEvent, name) for name in (*_SEALED, "seal_no", "seal")]
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


class Link(NamedTuple):
    """A place in the chain, written as `12:9f86d0…`."""

    seal_no: int
    seal: str

    def __str__(self) -> str:
        return f"{self.seal_no}:{self.seal}"

    @classmethod
    def of(cls, written: str) -> Self:
        """ValueError for what is no head."""
        if not (match := _HEAD.fullmatch(written.strip())):
            raise ValueError("A head is a number, a colon, and 64 hexadecimal digits.")
        return cls(int(match[1]), match[2])


BEGINNING = Link(0, "0" * 64)


@dataclass(frozen=True)
class Verdict:
    """`trouble` is empty where all is well, and else says at which entry the chain breaks first.

    `checked` entries were found good, `unsealed` ones await their seal, `purged` ones are gone as retention wants it.
    """

    head: Link
    checked: int = 0
    unsealed: int = 0
    purged: int = 0
    trouble: str = ""


class Standing(NamedTuple):
    """What a page shows without reading all entries."""

    head: Link
    unsealed: int


def seal(at_most: int = AT_ONCE) -> int:
    """Seal what was committed and is not sealed yet. How many were; 0 if another process is at it. The caller commits.

    On SQLite the transaction must have begun as one that writes.
    """
    if not _is_ours_to_change():
        return 0
    link, sealed = head(), []
    for row in db.session.execute(_unsealed().order_by(AuditEvent.id).limit(at_most)):
        link = _next(link, row)
        sealed.append({"event_id": row.id, **link._asdict()})
    if sealed:
        _keep(sealed)
    return len(sealed)


def head() -> Link:
    """The last link: of the newest sealed entry or, where all are gone, of the purge."""
    return _last(AuditEvent) or _last(AuditCheckpoint) or BEGINNING


def standing() -> Standing:
    return Standing(head(), db.session.scalar(_count_unsealed()) or 0)


def verify(expected: Link | None = None) -> Verdict:
    """Read the whole chain, as of one moment; memory does not grow with it.

    `expected` is a head that was noted before: the chain must still contain it. Only this shows that the newest
    entries were taken away, or all sealed anew.
    """
    with _at_one_moment() as connection:
        start, purged = _start(connection)
        checked = _walk(connection, start, expected)
        unsealed = connection.scalar(_count_unsealed()) or 0
    return replace(checked, purged=purged, unsealed=unsealed)


def purge_before(
    moment: datetime, user: User | None = None, address: str = "", at_most: int | None = None
) -> int:
    """Take away the oldest entries, up to the first that is as young as the moment, and note where the chain goes on.

    Entries that are not sealed stay. How many went; that they did is in the log. The caller commits.
    """
    if not _is_ours_to_change(patiently=True):
        return 0
    last = _last_older(moment, at_most)
    if last is None:
        return 0
    gone = AuditEvent.seal_no <= last.seal_no
    number = db.session.scalar(select(func.count()).select_from(AuditEvent).where(gone)) or 0
    checkpoint = AuditCheckpoint(seal_no=last.seal_no, seal=last.seal, removed=number)
    db.session.add(checkpoint)
    db.session.flush()  # the database lets go only what a checkpoint covers
    rows_changed(delete(AuditEvent).where(gone))
    audit.record(user, "audit.purge", str(last), address, removed=number, before=moment.isoformat())
    return number


def canonical(row: Any) -> str:
    """The entry as it is sealed, the same on every database. Without the account, which may be deleted."""
    content = {name: getattr(row, name) for name in _SEALED}
    content["at"] = row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _next(link: Link, row: Any) -> Link:
    sealed = f"{link.seal}\n{link.seal_no + 1}\n{canonical(row)}"
    return Link(link.seal_no + 1, hashlib.sha256(sealed.encode()).hexdigest())


def _keep(sealed: list[dict[str, Any]]) -> None:
    table = cast(Table, AuditEvent.__table__)  # no object of the session is concerned
    free = table.c
    one = update(table).where(free.id == bindparam("event_id"), free.seal_no.is_(None))
    one = one.values(seal_no=bindparam("seal_no"), seal=bindparam("seal"))
    result = cast(CursorResult[Any], db.session.connection().execute(one, sealed))
    if result.rowcount != len(sealed):
        raise RuntimeError("an entry of the audit log was sealed by somebody else meanwhile")


def _unsealed() -> Any:
    return select(*_COLUMNS).where(AuditEvent.seal_no.is_(None))


def _is_ours_to_change(*, patiently: bool = False) -> bool:
    """Only one process changes the chain at a time. SQLite has one writer anyhow.

    Whoever gets past this all the same meets the unique index of the numbers.
    """
    if db.engine.dialect.name == "sqlite":
        return True
    if patiently:
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        return True
    taken = db.session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return bool(taken)


def _last(model: type[AuditEvent] | type[AuditCheckpoint]) -> Link | None:
    newest = select(model.seal_no, model.seal).where(model.seal_no.is_not(None))
    row = db.session.execute(newest.order_by(model.seal_no.desc()).limit(1)).first()
    return Link(*row) if row else None


def _last_older(moment: datetime, at_most: int | None) -> Link | None:
    """The end of what is older than the moment, at most so many entries from the start."""
    oldest_first = select(AuditEvent.seal_no).where(AuditEvent.seal_no.is_not(None))
    oldest_first = oldest_first.order_by(AuditEvent.seal_no).limit(1)
    stays = db.session.scalar(oldest_first.where(AuditEvent.at >= moment))
    if at_most is not None:
        beyond = db.session.scalar(oldest_first.offset(at_most))
        stays = min((one for one in (stays, beyond) if one is not None), default=None)
    if stays is None:
        return _last(AuditEvent)
    row = db.session.execute(
        select(AuditEvent.seal_no, AuditEvent.seal).where(AuditEvent.seal_no == stays - 1)
    ).first()
    return Link(*row) if row else None


def _count_unsealed() -> Any:
    return select(func.count()).select_from(AuditEvent).where(AuditEvent.seal_no.is_(None))


@contextmanager
def _at_one_moment() -> Iterator[Connection]:
    """Entries that are sealed or purged meanwhile are not seen half."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _start(connection: Connection) -> tuple[Link, int]:
    last = select(AuditCheckpoint.seal_no, AuditCheckpoint.seal)
    row = connection.execute(last.order_by(AuditCheckpoint.seal_no.desc()).limit(1)).first()
    purged = connection.scalar(select(func.sum(AuditCheckpoint.removed))) or 0
    return (Link(*row) if row else BEGINNING), purged


def _walk(connection: Connection, start: Link, expected: Link | None) -> Verdict:
    """From link to link, until one does not follow from that before it."""
    link, checked = start, 0
    trouble = _unlike(start, expected)
    in_order = select(*_COLUMNS).where(AuditEvent.seal_no.is_not(None))
    in_order = in_order.order_by(AuditEvent.seal_no, AuditEvent.id)
    rows = connection.execute(in_order, execution_options={"yield_per": _READ_AT_ONCE})
    for row in rows:
        following = _next(link, row)
        trouble = trouble or _break(following, row) or _unlike(following, expected)
        if trouble:
            break
        link, checked = following, checked + 1
    rows.close()
    return Verdict(link, checked, trouble=trouble or _not_reached(start, link, expected))


def _break(following: Link, row: Any) -> str:
    """What is wrong with the entry that stands where this link is due; “” if nothing."""
    if row.seal_no > following.seal_no:
        return (
            f"Entries are missing: after no. {following.seal_no - 1} comes no. {row.seal_no} "
            f"(id {row.id})."
        )
    if row.seal_no < following.seal_no:
        return f"An entry was added: no. {row.seal_no} (id {row.id}) is there once too often."
    if row.seal != following.seal:
        return (
            f"No. {row.seal_no} (id {row.id}) was changed, or took the place of another: "
            "its seal does not fit what it says."
        )
    return ""


def _unlike(link: Link, expected: Link | None) -> str:
    if expected and link.seal_no == expected.seal_no and link != expected:
        return f"No. {link.seal_no} is not the entry that you expect: the chain was sealed anew."
    return ""


def _not_reached(start: Link, last: Link, expected: Link | None) -> str:
    if expected and expected.seal_no > last.seal_no:
        return (
            f"The chain ends at no. {last.seal_no}, before the head that you expect (no. "
            f"{expected.seal_no}): the newest entries were taken away."
        )
    if expected and expected.seal_no < start.seal_no:
        return (
            f"The head that you expect (no. {expected.seal_no}) went with the entries that were purged up to no. "
            f"{start.seal_no}, so nothing can be said about it. Note a newer one."
        )
    return ""
