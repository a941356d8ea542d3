"""Giga Tools as real processes, as the demo starts them: web app, worker and beat, against a given sandbox."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from app import create_app
from app.config import Config
from app.extensions import db
from app.models import User
from app.services import accounts
from bench import servers
from deploy import lineup
from deploy.credentials import ADMIN, Credentials
from deploy.ports import any_free
from deploy.settings import Settings
from deploy.supervisor import Supervisor

# The sandbox and the broker are the bench's own, and nobody looks at Flower.
LEFT_OUT = {"sandbox", "flower"}
OURS = ("web", "worker", "beat")
UNLIMITED = 10**9  # tickets


@dataclass(frozen=True)
class Stack:
    """A running Giga Tools. `app` is one of the same settings in our own process, for the services."""

    app: Flask
    url: str  # of the web app
    password: str  # of `ADMIN`
    pids: tuple[int, ...]  # of web app, worker and beat, each with its children below it
    look: Callable[[], None]  # raises where one of them ended, or somebody pressed Ctrl-C

    def owner(self) -> User:
        """Whose the jobs are. Needs the app's context."""
        owner = accounts.by_email(ADMIN)
        assert owner is not None
        return owner


@contextmanager
def giga(sandbox: servers.Sandbox, speed: float, database_url: str = "") -> Iterator[Stack]:
    """Start it on an empty database: the one at the URL, or SQLite. `speed` is the sandbox's."""
    with (
        tempfile.TemporaryDirectory(prefix="giga-bench-") as folder,
        servers.broker() as redis_url,
    ):
        settings = Settings(
            Path(folder),
            web_port=any_free(),
            sandbox_port=sandbox.port,
            speed=speed,
            database_url=database_url,
        )
        settings.logs.mkdir(parents=True)
        credentials = Credentials()
        env = lineup.environment(settings, credentials, redis_url, os.environ)
        children = [
            *lineup.children(settings, credentials, env),
            lineup.account(ADMIN, "admin", credentials.admin_password, env),
        ]
        with Supervisor(settings.logs) as supervisor:
            supervisor.start(*(child for child in children if child.name not in LEFT_OUT))
            app = _unlimited(create_app(Config.from_environment(env)))
            yield Stack(
                app,
                settings.web_url,
                credentials.admin_password,
                tuple(supervisor.pid(name) for name in OURS),
                supervisor.look,
            )
            with app.app_context():
                db.engine.dispose()
            return
    # The supervisor swallows Ctrl-C, but whoever measures must not go on without figures.
    raise KeyboardInterrupt


def _unlimited(app: Flask) -> Flask:
    """Jobs here may be larger than a tool permits people."""
    tools = app.extensions["tools"]
    app.extensions["tools"] = [replace(tool, max_limit=UNLIMITED) for tool in tools]
    return app
