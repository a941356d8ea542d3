"""How Alembic meets the app: with its engine and its tables."""

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


def run():
    # One transaction for all: a migration that fails half-way leaves the database as it was.
    with db.engine.begin() as connection:
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
