"""What a worker does as it starts, lives and stops."""

from contextlib import suppress
from typing import Any

from celery.signals import heartbeat_sent, worker_process_init, worker_shutting_down
from flask import Flask
from redis import RedisError

from app.extensions import db
from app.services import presence
from app.tasks import shutdown


def connect(app: Flask) -> None:
    @worker_process_init.connect(weak=False)
    def forget_connections(**_: Any) -> None:
        """A child must not share the parent's database connections."""
        with app.app_context():
            db.engine.dispose(close=False)

    @heartbeat_sent.connect(weak=False)
    def show_presence(**_: Any) -> None:
        with suppress(RedisError):  # the next beat of the heart is two seconds away
            presence.worker_is_here()

    @worker_shutting_down.connect(weak=False)
    def stop_between_batches(**_: Any) -> None:
        shutdown.ask()
