"""The Flask extensions, and Redis: made once here, bound to the app by `init_app`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from redis import Redis
from sqlalchemy import CursorResult, Delete, MetaData, Update
from sqlalchemy.orm import DeclarativeBase

from app.database import keep_from_others, prepare_sqlite


class Base(DeclarativeBase):
    # Named constraints, so that migrations can drop them on both databases.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# The index of the macros' words is made in its own way on each database, and so by its migration alone.
WORD_INDEX = "macro_words"
# Along this one jobs are looked through for words. SQLite alone has it: see its migration.
JOB_WORD_INDEX = "ix_jobs_words"


def is_modelled(name: str | None, kind: str, _parents: Any) -> bool:
    """Is this a part of the database that models describe? SQLite keeps an FTS5 table in tables of its own."""
    if kind == "index":
        return name != JOB_WORD_INDEX
    return kind != "table" or not (name or "").startswith(WORD_INDEX)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()


class RedisClient:
    """The app's Redis, connected on first use and with short timeouts: a page never waits for it."""

    def init_app(self, app: Flask) -> None:
        self.client = Redis.from_url(
            app.config["REDIS_URL"],
            socket_timeout=2,
            socket_connect_timeout=1,
            decode_responses=True,
        )

        self.prefix = app.config["REDIS_PREFIX"]

    def key(self, name: str) -> str:
        """The name with this installation's prefix."""
        return self.prefix + name

    def __getattr__(self, name: str):
        return getattr(self.client, name)


redis = RedisClient()

# Flask-SQLAlchemy makes its model class at run time; type checkers see the same tables in `Base`.
Model = Base if TYPE_CHECKING else db.Model


def rows_changed(statement: Update | Delete) -> int:
    """Run the statement in the session's transaction. How many rows it met.

    Objects in the session are not brought into line with it.
    """
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult, result).rowcount


def init_app(app: Flask) -> None:
    # A PostgreSQL that was restarted has closed our connections: they are tried before they are used.
    # What a statement was given may be ticket text, and its errors are logged.
    options = {"pool_pre_ping": True, "hide_parameters": True}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True, include_name=is_modelled)
    login_manager.init_app(app)
    csrf.init_app(app)
    redis.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
            file = db.engine.url.database or ":memory:"
            if not file.startswith((":", "file:")):
                keep_from_others(Path(file), Path(app.instance_path))
