"""A database that is away or locked."""

import sqlite3
import threading
from contextlib import suppress

import psycopg

from tests.chaos.faults.fault import Fault


class PostgresRestarted(Fault):
    name = "PostgreSQL restarted"
    databases = ("postgresql",)
    mended_after = (0.0, 6.0)

    def strike(self):
        self.arena.database.halt()
        return True

    def mend(self):
        self.arena.database.serve()


class DatabaseLocked(Fault):
    """SQLite's one write lock, or the row of the job, is held by somebody else."""

    name = "database locked for seconds"
    mended_after = (2.0, 9.0)

    def strike(self):
        sqlite = self.arena.database.name == "sqlite"
        self.held = self._sqlite_lock() if sqlite else self._row_lock()
        # By itself: the round may be waiting for the lock, too.
        self.release = threading.Timer(self.mend_in, self._let_go)
        self.release.start()
        return True

    def _sqlite_lock(self):
        path = self.arena.database.url.removeprefix("sqlite:///")
        held = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        held.execute("BEGIN IMMEDIATE")
        return held

    def _row_lock(self):
        held = psycopg.connect(self.arena.database.url)
        held.execute("SELECT id FROM jobs WHERE id = %s FOR UPDATE", [self.job.pk])
        return held

    def _let_go(self):
        with suppress(sqlite3.Error, psycopg.Error):
            self.held.rollback()
            self.held.close()

    def mend(self):
        self.release.join()
