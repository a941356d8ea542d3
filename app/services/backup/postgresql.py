"""Backups of PostgreSQL, by its own programs. Passwords go to them in the environment, which `ps` does not show."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, Connection, NullPool, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from app.logs.redaction import without_secrets
from app.services.backup import tables
from app.services.backup.refusal import BackupRefused

INSTALLED = Path("/usr/lib/postgresql")
LONGEST_WORDS = 300
# How libpq calls what an address may say. Without a password, a program must not ask for one.
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT",
    "service": "PGSERVICE",
    "options": "PGOPTIONS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
# Ours alone, and not those of an extension. They are named with their arguments, and quoted where that is needed.
_FUNCTIONS = """
SELECT pg_proc.oid::regprocedure::text FROM pg_proc
JOIN pg_roles ON pg_roles.oid = proowner AND rolname = current_user
WHERE pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend WHERE pg_depend.objid = pg_proc.oid AND deptype = 'e')
"""


def dump(url: URL, to: Path) -> tuple[str, dict[str, int]]:
    """The revision and the rows of what was dumped, all of one moment. Raises BackupRefused."""
    with opened(url) as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        moment = connection.scalar(text("SELECT pg_export_snapshot()"))
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}")
        _run("pg_dump", url, *options, f"--file={to}")
        return tables.revision(connection), tables.rows(connection)


def check(dumped: Path) -> None:
    """Can the dump be read, and has it our tables? Raises BackupRefused."""
    said = _run("pg_restore", None, "--list", str(dumped))
    held = set(re.findall(r"TABLE DATA public (\S+)", said))
    if missing := {"users", "jobs", "job_tickets", "alembic_version"} - held:
        raise BackupRefused(f"This backup lacks {', '.join(sorted(missing))}. Use another backup.")


def restore(dumped: Path, url: URL) -> None:
    """Into a database that has nothing of ours, all or nothing. Raises BackupRefused.

    What others keep beside our tables, in schemas of their own, is none of ours to replace.
    """
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    options += ("--schema=public",)
    _run("pg_restore", url, *options, f"--dbname={url.database}", str(dumped))


def clear(url: URL) -> None:
    """Drop every table and function, those too that the backup does not know. Raises BackupRefused."""
    with opened(url) as connection:
        for name in inspect(connection).get_table_names():
            quoted = connection.dialect.identifier_preparer.quote(name)
            connection.execute(text(f"DROP TABLE {quoted} CASCADE"))
        for function in connection.scalars(text(_FUNCTIONS)).all():
            connection.execute(text(f"DROP FUNCTION {function} CASCADE"))


@contextmanager
def opened(url: URL) -> Iterator[Connection]:
    """A transaction, which is committed at the end. Raises BackupRefused where the server cannot be reached."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        words = str(getattr(error, "orig", error)).partition("\n")[0]
        raise BackupRefused(f"PostgreSQL says: {_harmless(words, url)}") from None


def program(name: str) -> str:
    """Where it is. Raises BackupRefused."""
    if found := shutil.which(name):
        return found
    newest_first = sorted(
        INSTALLED.glob(f"*/bin/{name}"), key=lambda path: _number(path.parts[-3]), reverse=True
    )
    if newest_first:
        return str(newest_first[0])
    raise BackupRefused(
        f"{name} is not installed. On Debian: apt-get install postgresql-client, as new as the server."
    )


def _number(version: str) -> int:
    return int(version) if version.isdigit() else 0


def _run(name: str, url: URL | None, *arguments: str) -> str:
    """What it said. Raises BackupRefused with its own last words."""
    command = [program(name), *(["--no-password"] if url else []), *arguments]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, with arguments of ours
        command, env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        words = lines[0] if lines else f"it ended with {done.returncode}"
        raise BackupRefused(f"{name} failed: {_harmless(words, url)}")
    return done.stdout


def _environment(url: URL | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if url is None:
        return kept
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    told = conninfo_to_dict(plain)
    return kept | {
        variable: str(told[name]) for name, variable in _VARIABLES.items() if told.get(name)
    }


def _harmless(words: str, url: URL | None) -> str:
    if url is not None and url.password:
        words = words.replace(str(url.password), "…")
    return without_secrets(words)[:LONGEST_WORDS]
