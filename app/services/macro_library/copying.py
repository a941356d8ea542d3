"""Renewing the local copy of the macros. What did not change is not written again."""

import logging
from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from app.database import tried_again, writing
from app.extensions import db
from app.models import CopiedMacro, MacroUse, ZendeskName
from app.services import budget, connection
from app.services.connection import NotConnected
from app.services.macro_library import names, word_index
from app.services.macro_library.entry import Entry, entry_of
from app.services.macro_library.freshness import Lease, Overtaken
from app.services.macro_library.listing import Reading
from app.zendesk.client import Client
from app.zendesk.errors import Forbidden, Invalid, ZendeskError
from app.zendesk.resources import Macro

log = logging.getLogger(__name__)
T = TypeVar("T")

PIECE = 100  # macros a transaction: others wait some milliseconds for it, and no longer
OUR_FAULT = "Something went wrong on our side. Your admin finds it in the worker's log."


def renew() -> bool:
    """Bring the copy up to date, if nobody else is at it. False if it stays as it was: the copy says why.

    Raises NotConnected. Runs for as long as Zendesk takes: some seconds for a thousand macros.
    """
    base_url = connection.account().base_url
    db.session.commit()
    lease = Lease.take(base_url)
    if lease is None:
        return False
    try:
        _renew(lease, connection.client(budget.MACROS))
    except Overtaken:
        return False
    except (ZendeskError, NotConnected) as error:
        lease.give_up(str(error))
        return False
    except Exception:
        lease.give_up(OUR_FAULT)
        raise
    return True


def _renew(lease: Lease, client: Client) -> None:
    reading = Reading(lease.keep_up)
    try:
        macros, tells_usage = _macros(client, reading)
        around = names.ask(client, macros, reading)
    finally:
        client.leave()
    _write(lease, [entry_of(macro, around) for macro in _each_once(macros)], around.names.by_id)
    _finish(lease, tells_usage)


def _macros(client: Client, reading: Reading) -> tuple[list[Macro], bool]:
    """All of them, with their use where the account's plan tells it."""
    try:
        macros = reading.all(client.macros(usage="30d"))
    except (Forbidden, Invalid):
        return reading.all(client.macros()), False
    return macros, any("30d" in macro.usage for macro in macros)


def _each_once(macros: list[Macro]) -> list[Macro]:
    """A macro that is renamed while we read comes on two pages."""
    return list({macro.id: macro for macro in macros}.values())


def _write(lease: Lease, entries: list[Entry], known: dict[tuple[str, int], str]) -> None:
    there = _there()
    changed = [one for one in entries if there.get(one.id, ("", None))[0] != one.digest]
    same = [one for one in entries if there.get(one.id, ("", None))[0] == one.digest]
    used = [one for one in same if there[one.id][1] != one.usage]
    gone = sorted(there.keys() - {one.id for one in entries})
    for piece in _pieces(changed):
        _put(lease, piece)
    for piece in _pieces(used):
        _note_usage(lease, piece)
    for piece in _pieces(gone):
        _remove(lease, piece)
    _put_names(lease, known)
    log.info("macros copied: %d, changed: %d, gone: %d", len(entries), len(changed), len(gone))


@tried_again()
def _there() -> dict[int, tuple[str, int | None]]:
    """The digest and the use of each macro in the copy."""
    wanted = select(CopiedMacro.id, CopiedMacro.digest, CopiedMacro.usage_30d)
    with db.engine.connect() as database:
        return {row.id: (row.digest, row.usage_30d) for row in database.execute(wanted)}


@tried_again()
def _put(lease: Lease, entries: Sequence[Entry]) -> None:
    with writing(), db.engine.begin() as database:
        lease.fence(database)
        _delete(database, [entry.id for entry in entries])
        rows = [entry.values | {"digest": entry.digest} for entry in entries]
        database.execute(insert(CopiedMacro), rows)
        uses = [(entry.id, *use) for entry in entries for use in sorted(entry.uses)]
        if uses:
            keys = ("macro_id", "kind", "value")
            database.execute(insert(MacroUse), [dict(zip(keys, use, strict=True)) for use in uses])
        word_index.put(database, entries)


@tried_again()
def _note_usage(lease: Lease, entries: Sequence[Entry]) -> None:
    with writing(), db.engine.begin() as database:
        lease.fence(database)
        for entry in entries:
            one = update(CopiedMacro).where(CopiedMacro.id == entry.id)
            database.execute(one.values(usage_30d=entry.usage))


@tried_again()
def _remove(lease: Lease, macro_ids: Sequence[int]) -> None:
    with writing(), db.engine.begin() as database:
        lease.fence(database)
        _delete(database, macro_ids)


def _delete(database: Connection, macro_ids: Sequence[int]) -> None:
    word_index.remove(database, macro_ids)
    database.execute(delete(MacroUse).where(MacroUse.macro_id.in_(macro_ids)))
    database.execute(delete(CopiedMacro).where(CopiedMacro.id.in_(macro_ids)))


@tried_again()
def _put_names(lease: Lease, known: dict[tuple[str, int], str]) -> None:
    before = names.known().by_id
    new = {key: name for key, name in known.items() if before.get(key) != name}
    if not new:
        return
    with writing(), db.engine.begin() as database:
        lease.fence(database)
        for kind, number in new.keys() & before.keys():
            mine = (ZendeskName.kind == kind, ZendeskName.number == number)
            database.execute(delete(ZendeskName).where(*mine))
        rows = [{"kind": key[0], "number": key[1], "name": name} for key, name in new.items()]
        database.execute(insert(ZendeskName), rows)


@tried_again()
def _finish(lease: Lease, tells_usage: bool) -> None:
    with writing(), db.engine.begin() as database:
        lease.finish(database, tells_usage=tells_usage)


def _pieces(items: list[T]) -> Iterator[list[T]]:
    return (items[start : start + PIECE] for start in range(0, len(items), PIECE))
