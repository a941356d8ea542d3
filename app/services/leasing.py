"""Leases: a worker's right to one row, which runs out unless the worker's heart beats. Nobody writes without it."""

import functools
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar, Concatenate, Generic, ParamSpec, TypeVar

from sqlalchemy import Engine, bindparam, update
from sqlalchemy.exc import SQLAlchemyError

from app.database import now, tried_again, writing
from app.extensions import db

LEASE = timedelta(seconds=12)
HEARTBEAT_SECONDS = 4.0

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row")


class LeaseLost(Exception):
    """Another worker has taken it: whatever this one still knows is out of date."""


def end_of_lease() -> datetime:
    """When a lease runs out that is taken or renewed now."""
    return now() + LEASE


def new_owner() -> str:
    """A name for whoever takes a lease now."""
    return f"{os.getpid()}-{uuid.uuid4().hex[:12]}"


class Hold(Generic[Row]):
    """A right to one row of `model`, which has `fence` and `lease_expires_at`.

    Its fence number only grows, and every write of the worker carries it.
    """

    model: ClassVar[Any]

    def __init__(self, row_pk: int, fence: int, ends_at: datetime | None = None):
        self.row_pk = row_pk
        self.fence = fence
        self.is_lost = False
        self.ends_at = ends_at or end_of_lease()  # unless it is renewed

    def may_send(self) -> bool:
        """Is it surely ours still? A worker that was frozen learns that it lost its lease later than it wakes."""
        return not self.is_lost and now() < self.ends_at

    def check(self) -> Row:
        """Lock the row for this transaction and give it. Raises LeaseLost."""
        row = db.session.scalar(_locked(self.model), {"pk": self.row_pk, "mine": self.fence})
        if row is None:
            self.is_lost = True
            raise LeaseLost
        return row

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the lease from a thread of its own for as long as the block lasts."""
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(db.engine, done), daemon=True)
        heart.start()
        try:
            yield
        finally:
            done.set()
            heart.join()

    def _beat(self, engine: Engine, done: threading.Event) -> None:
        while not done.wait(HEARTBEAT_SECONDS) and not self.is_lost:
            wanted = end_of_lease()
            try:
                if not self._renew(engine, wanted):
                    self.is_lost = True
                self.ends_at = wanted
            except SQLAlchemyError:
                self.is_lost = now() > self.ends_at  # until then, the next beat may get through

    def _renew(self, engine: Engine, expires_at: datetime) -> bool:
        renewal = (
            update(self.model)
            .where(self.model.id == self.row_pk, self.model.fence == self.fence)
            .values(lease_expires_at=expires_at)
        )
        with engine.begin() as connection:
            return connection.execute(renewal).rowcount == 1


@functools.cache
def _locked(model: Any) -> Any:
    """Made once, since to put it together costs more than to run it."""
    return (
        update(model)
        .where(model.id == bindparam("pk"), model.fence == bindparam("mine"))
        .values(fence=model.fence)
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


L = TypeVar("L", bound=Hold[Any])


def fenced(
    write: Callable[Concatenate[L, Row, P], R],
) -> Callable[Concatenate[L, P], R]:
    """Make a function of (lease, row, …) one transaction that commits only while the lease is ours.

    It is given the row, locked. It may run more than once, when the database was locked or gone.
    """

    @functools.wraps(write)
    @tried_again()
    def transaction(lease: L, *args: Any, **kwargs: Any) -> R:
        db.session.rollback()
        try:
            with writing():
                written = write(lease, lease.check(), *args, **kwargs)
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        return written

    return transaction
