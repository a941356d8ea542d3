"""What a worker does as it starts, lives and stops."""

import gc
from contextlib import suppress
from typing import Any

from celery.signals import (
    heartbeat_sent,
    worker_before_create_process,
    worker_process_init,
    worker_shutting_down,
)
from flask import Flask
from redis import RedisError

from app.extensions import db
from app.services import presence
from app.tasks import shutdown


def connect(app: Flask) -> None:
    """The signals hold what is connected weakly, and the app holds it: one that is not used any more can go."""

    @worker_before_create_process.connect
    def share_memory(**_: Any) -> None:
        """Keep the children's garbage collection from what is loaded by now.

        It writes to every object that it looks at, and so each child would have a copy of all our code.
        """
        gc.collect()  # what is garbage now would be kept for ever
        gc.freeze()
        # A page of tickets is ten thousand objects, none of them garbage: to look through them after every 700 new ones
        # took a quarter of what planning costs.
        gc.set_threshold(50_000, 20, 20)

    @worker_process_init.connect
    def forget_connections(**_: Any) -> None:
        """A child must not share the parent's database connections."""
        with app.app_context():
            db.engine.dispose(close=False)

    @heartbeat_sent.connect
    def show_presence(sender: Any = None, **_: Any) -> None:
        name = getattr(getattr(sender, "eventer", None), "hostname", "")
        with suppress(RedisError):  # the next beat of the heart is two seconds away
            presence.worker_is_here(name)

    @worker_shutting_down.connect
    def stop_between_batches(**_: Any) -> None:
        shutdown.ask()

    app.extensions["worker_signals"] = (
        share_memory,
        forget_connections,
        show_presence,
        stop_between_batches,
    )
