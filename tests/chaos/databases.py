"""The databases that an arena may stand on, with what can be done to them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.fixtures.databases import cluster_of_our_own, postgres_programs


class SqliteFile:
    name = "sqlite"

    def __init__(self, folder):
        self.url = f"sqlite:///{folder}/chaos.db"


class Postgres:
    name = "postgresql"

    def __init__(self, cluster):
        self._cluster = cluster
        cluster.sql("CREATE DATABASE chaos")
        self.url = cluster.url("chaos")

    def halt(self):
        self._cluster.halt()

    def serve(self):
        self._cluster.serve()


@contextmanager
def database(name, folder) -> Iterator:
    if name == "sqlite":
        yield SqliteFile(folder)
        return
    programs = postgres_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is missing; tests/prepare_machine.sh installs it")
    with cluster_of_our_own(programs) as cluster:
        yield Postgres(cluster)
