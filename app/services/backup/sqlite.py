"""Backups of SQLite, by its own online copying: others go on writing meanwhile."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine

from app.services.backup import tables
from app.services.backup.refusal import BackupRefused

PATIENCE_SECONDS = 30.0


def dump(url: URL, to: Path) -> tuple[str, dict[str, int]]:
    """The revision and the rows of what was copied, which is the database at one moment."""
    _copy(file_of(url), to)
    with closing(sqlite3.connect(to)) as database:
        # One file, without another beside it for what was written last.
        database.execute("PRAGMA journal_mode=DELETE")
    with opened(to) as connection:
        return tables.revision(connection), tables.rows(connection)


def check(dumped: Path) -> tuple[str, dict[str, int]]:
    """The same of a dump, which is found whole. Raises BackupRefused."""
    try:
        with closing(sqlite3.connect(dumped)) as database:
            (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            loose = database.execute("PRAGMA foreign_key_check").fetchone()
        if said != "ok" or loose:
            raise BackupRefused("The database in this backup is damaged. Use another backup.")
        with opened(dumped) as connection:
            return tables.revision(connection), tables.rows(connection)
    except sqlite3.DatabaseError:
        raise BackupRefused("The database in this backup is damaged. Use another backup.") from None


def restore(dumped: Path, url: URL) -> None:
    """Put the dump in the place of what is there, in one transaction. Raises BackupRefused."""
    file = file_of(url)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        _copy(dumped, file)
    except sqlite3.OperationalError as error:
        raise BackupRefused(
            f"The database could not be replaced ({error}): stop web, worker and beat, and try again."
        ) from None


def file_of(url: URL) -> Path:
    """Raises BackupRefused for a database in memory."""
    if not url.database or url.database == ":memory:":
        raise BackupRefused("A database in memory has no backup.")
    return Path(url.database)


@contextmanager
def opened(file: Path) -> Iterator[Connection]:
    """A transaction in the file, which is committed at the end."""
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def _copy(source: Path, to: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=PATIENCE_SECONDS)) as old,
        closing(sqlite3.connect(to, timeout=PATIENCE_SECONDS)) as new,
    ):
        # All in one step, so that no writer makes it begin again; but it waits for locks, for ever if it is let.
        old.backup(new, progress=_impatient())


def _impatient() -> Callable[[int, int, int], None]:
    end = time.monotonic() + PATIENCE_SECONDS

    def look(_status: int, _left: int, _all: int) -> None:
        if time.monotonic() > end:
            raise sqlite3.OperationalError("database is locked")

    return look
