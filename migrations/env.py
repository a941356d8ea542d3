"""How Alembic meets the app: with its engine and its tables."""

from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

db = current_app.extensions["migrate"].db
configure_args = current_app.extensions["migrate"].configure_args


def render_item(kind, item, autogen_context):
    """Write our column types as what they are in the database, so that migrations never import the app."""
    if kind == "type" and isinstance(item, TypeDecorator) and item.__module__.startswith("app."):
        return f"sa.{item.impl!r}"
    return False


@contextmanager
def without_references(connection):
    """SQLite makes a table anew to change it, and empties those that refer to it when the old one goes."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection  # within a transaction, SQLite would ignore it
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run():
    # One transaction for all: a migration that fails half-way leaves the database as it was.
    with db.engine.connect() as connection, without_references(connection), connection.begin():
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            transactional_ddl=True,
            **configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations read the database as they go: run them without --sql.")
run()
