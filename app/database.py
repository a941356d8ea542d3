"""How we use a database: SQLite's settings, locks and indexes, UTC times, and transactions that are tried again."""

import functools
import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from flask import has_request_context, request
from sqlalchemy import DateTime, Update, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

# None: as the request has it.
_writing: ContextVar[bool | None] = ContextVar("writing", default=None)

# How long a writer waits for another one on SQLite.
PATIENCE_MS = 30_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def now() -> datetime:
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def keep_from_others(file: Path, folder: Path) -> None:
    """Let nobody else on the machine read the database, nor what SQLite puts beside it with the same rights.

    The folder is ours only where it is the instance's: another is the operator's own affair.
    """
    with suppress(OSError):  # somebody else's file, or no such place: using it says so better
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        file.chmod(0o600)
        if file.parent == folder:
            folder.chmod(0o700)


def prepare_sqlite(engine: Engine) -> None:
    """Set up every connection of an SQLite engine: WAL, a patient lock, and transactions begun by us.

    A transaction that reads first and then writes fails at once with SQLITE_BUSY_SNAPSHOT when another has written in
    between, whatever the timeout. So whatever may write takes the write lock at its start: unsafe
    requests, and what runs within `writing()`.
    """

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions behind our back
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={PATIENCE_MS}",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write() else "BEGIN")


def _may_write() -> bool:
    told = _writing.get()
    is_unsafe = has_request_context() and request.method not in SAFE_METHODS
    return is_unsafe if told is None else told


def writing() -> AbstractContextManager[None]:
    """Transactions that begin within this block will write."""
    return _told(is_writing=True)


def reading() -> AbstractContextManager[None]:
    """Transactions that begin within this block only read, whatever the request is."""
    return _told(is_writing=False)


@contextmanager
def _told(*, is_writing: bool) -> Iterator[None]:
    token = _writing.set(is_writing)
    try:
        yield
    finally:
        _writing.reset(token)


def done_unless_busy(engine: Engine, statement: Update) -> bool:
    """Run the statement in a transaction of its own, which waits for nobody. False if somebody else was writing.

    For what is better left out than waited for. The caller has no transaction that writes.
    """
    try:
        with writing(), engine.connect() as connection, _not_waiting(connection):
            connection.execute(statement)
            connection.commit()
    except OperationalError as error:
        log.info("left out, since others are writing: %s", type(error.orig).__name__)
        return False
    return True


@contextmanager
def _not_waiting(connection: Connection) -> Iterator[None]:
    """What the connection does in here meets a lock with an OperationalError, at once or nearly so.

    No transaction may have begun on it yet: SQLite takes its lock as one begins.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        yield
        return
    raw: Any = connection.connection.dbapi_connection  # a statement by SQLAlchemy would begin one
    raw.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")


def tried_again(patience: float = 30.0) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Repeat a transaction that met a lock, a serialisation failure or a lost connection, for `patience` seconds.

    The function must be one whole transaction that may safely be repeated, and roll back when it fails.
    """

    def decorate(transaction: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(transaction)
        def patient(*args: P.args, **kwargs: P.kwargs) -> R:
            end, pause = time.monotonic() + patience, 0.05
            while True:
                try:
                    return transaction(*args, **kwargs)
                except OperationalError as error:
                    if time.monotonic() + pause > end:
                        raise
                    log.warning(
                        "database transaction is tried again: %s", type(error.orig).__name__
                    )
                time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads retries, guards nothing
                pause = min(pause * 2, 2.0)

        return patient

    return decorate


class unindexed(FunctionElement[Any]):  # noqa: N801 - reads as a function of SQL, as SQLAlchemy's own do
    """A column that SQLite is not to look up in an index of its own.

    Without statistics it takes any equality for rare. It would rather find 90,000 completed jobs by their status, and
    sort them all, than walk an index in the order that is wanted and stop after a page.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(unindexed)
def _plain(element: Any, compiler: Any, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(unindexed, "sqlite")
def _disguised(element: Any, compiler: Any, **options: Any) -> str:
    return f"+({compiler.process(element.clauses, **options)})"
