"""How we use a database: SQLite's settings, locks and indexes, UTC times, and transactions that are tried again."""

import functools
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from flask import has_request_context, request
from sqlalchemy import DateTime, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

_writing: ContextVar[bool] = ContextVar("writing", default=False)

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
            "busy_timeout=30000",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write() else "BEGIN")


def _may_write() -> bool:
    return _writing.get() or (has_request_context() and request.method not in SAFE_METHODS)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions that begin within this block will write."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


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
