"""Is everything there that requests and jobs need? Asked by programs, often, and answered within seconds."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from app.extensions import db

MOST_SECONDS = 2  # for each part

# Neither waits in the queue for a pooled connection, which is long when the app is in trouble.
_PATIENCE = {
    "sqlite": {"timeout": MOST_SECONDS},
    "postgresql": {
        "connect_timeout": MOST_SECONDS,
        "options": f"-c statement_timeout={MOST_SECONDS}s",
    },
}


def look() -> dict[str, bool]:
    """Of each part, by name, whether it is as it should be."""
    revisions = _from_database(_revisions_of)
    return {
        "database": revisions is not None,
        "broker": _broker_answers(),
        "migrations": revisions == newest_revisions(),
    }


def trouble_with_database() -> str:
    """What is wrong with it and what to do, for whoever runs a command; empty if it is as it should be."""
    found = _from_database(_revisions_of)
    if found is None:
        return (
            "The database does not answer. See whether it runs, and whether DATABASE_URL is right."
        )
    if found != newest_revisions():
        return "The database is empty or of an older version. Run: flask db upgrade"
    return ""


def revisions() -> frozenset[str]:
    """Those at which the database is. Raises SQLAlchemyError."""
    with db.engine.connect() as connection:
        return _revisions_of(connection)


@cache
def newest_revisions() -> frozenset[str]:
    """Those at which the code wants the database."""
    return frozenset(scripts().get_heads())


@cache
def scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))


def _revisions_of(connection: Connection) -> frozenset[str]:
    """None yet, where the database is new. Alembic itself would log each time that it looks."""
    try:
        return frozenset(connection.scalars(text("SELECT version_num FROM alembic_version")))
    except (OperationalError, ProgrammingError):
        return frozenset()


def _from_database(ask: Callable[[Connection], frozenset[str]]) -> frozenset[str] | None:
    """The answer; None if there is none."""
    url = db.engine.url
    engine = create_engine(
        url, poolclass=NullPool, connect_args=_PATIENCE.get(url.get_backend_name(), {})
    )
    try:
        with engine.connect() as connection:
            return ask(connection)
    except SQLAlchemyError:
        return None


def _broker_answers() -> bool:
    once = Retry(NoBackoff(), 0)
    client = Redis.from_url(
        current_app.config["REDIS_URL"],
        socket_timeout=MOST_SECONDS,
        socket_connect_timeout=MOST_SECONDS,
        retry=once,
    )
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()
