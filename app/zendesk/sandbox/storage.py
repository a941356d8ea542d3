"""The SQLite file in which the sandbox's state lies, and may outlive a restart."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tickets (id INTEGER PRIMARY KEY, state TEXT);
CREATE TABLE IF NOT EXISTS truth (
    cursor INTEGER PRIMARY KEY, at INTEGER, ticket_id INTEGER, via TEXT, job_id TEXT,
    author_id INTEGER, effective INTEGER, added TEXT, removed TEXT, detail TEXT);
CREATE INDEX IF NOT EXISTS truth_by_ticket ON truth (ticket_id);
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, created INTEGER, started INTEGER,
    finished INTEGER, author_id INTEGER, form TEXT, total INTEGER, items TEXT);
CREATE INDEX IF NOT EXISTS jobs_by_creation ON jobs (created);
CREATE TABLE IF NOT EXISTS results (
    job INTEGER, place INTEGER, ticket_id INTEGER, error TEXT, details TEXT,
    PRIMARY KEY (job, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS troubles (job INTEGER PRIMARY KEY, rule TEXT);
CREATE TABLE IF NOT EXISTS access_tokens (
    id INTEGER PRIMARY KEY, access TEXT UNIQUE, refresh TEXT, client TEXT, user TEXT, scopes TEXT,
    created INTEGER, expires INTEGER, refresh_expires INTEGER);
"""
_CACHE = 65_536  # kB


class Storage:
    """Collects writes and puts them down together, once a request.

    Without a path SQLite makes a file of its own, which nobody sees and which goes with the
    process; a small one never leaves the cache. So a million changed tickets need little memory.
    With a path, a commit survives the end of the process, however it ends; `synchronous` is off
    because the sandbox need not survive a power cut.
    """

    def __init__(self, path: str | None) -> None:
        self._db = sqlite3.connect(path or "", check_same_thread=False, isolation_level=None)
        self._db.execute(f"PRAGMA journal_mode = {'WAL' if path else 'MEMORY'}")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(f"PRAGMA cache_size = -{_CACHE}")
        self._db.executescript(_SCHEMA)
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}

    def write(self, statement: str, row: tuple[Any, ...]) -> None:
        """Put a row down with the next commit."""
        self._waiting.setdefault(statement, []).append(row)

    def commit(self) -> None:
        if not self._waiting:
            return
        self._db.execute("BEGIN IMMEDIATE")
        for statement, rows in self._waiting.items():
            self._db.executemany(statement, rows)
        self._db.execute("COMMIT")
        self._waiting = {}

    def read(self, query: str, row: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows, those not yet committed included."""
        self.commit()
        return self._db.execute(query, tuple(row)).fetchall()

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Rows one by one, for tables that do not fit twice into memory."""
        self.commit()
        yield from self._db.execute(query)

    def fact(self, name: str) -> Any:
        rows = self.read("SELECT value FROM facts WHERE name = ?", [name])
        return json.loads(rows[0][0]) if rows else None

    def set_fact(self, name: str, value: Any) -> None:
        self.write("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(value)))

    def close(self) -> None:
        self.commit()
        self._db.close()
