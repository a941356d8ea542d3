"""Celery: the tasks, and the one place that queues them."""

from threading import BoundedSemaphore

from celery import Celery, Task
from flask import Flask

from app.celery_config import celery_config
from app.tasks import (
    account_mail,
    macro_copying,
    notices,
    pipeline_tasks,
    request_ids,
    retention,
    upkeep,
    worker_logs,
    worker_signals,
    zendesk_tasks,
)

__all__ = [
    "account_mail",
    "init_app",
    "macro_copying",
    "notices",
    "pipeline_tasks",
    "request_ids",
    "retention",
    "upkeep",
    "worker_logs",
    "zendesk_tasks",
]


def init_app(app: Flask) -> None:
    """Make the Celery app, whose tasks run with this Flask app's context."""

    class ContextTask(Task):
        def __call__(self, *args: object, **kwargs: object) -> object:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.name, task_cls=ContextTask)
    celery.config_from_object(
        celery_config(
            app.config["REDIS_URL"],
            app.config["REDIS_PREFIX"],
            app.config["CELERY_CONCURRENCY"],
        )
    )
    celery.set_default()
    worker_signals.connect(app)
    app.extensions["celery"] = celery
    # Small jobs run inside requests, but never in all threads: pages must still be answered.
    app.extensions["sync_slots"] = BoundedSemaphore(app.config["SYNC_SLOTS"])
