"""The id of the request that a task comes from: sent with its message, and bound in the worker's lines.

A slice that queues the next one of its job hands its id on, so one id tells of all that a press of a button led to,
until upkeep has to wake the job. What beat sends has no id, and is given one.
"""

from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.logs import request_id
from app.logs.requests import new_id

NAME = "request_id"


# The signals hold these weakly, and the module holds them for good.
@before_task_publish.connect
def send_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and (known := request_id()):
        headers[NAME] = known


@task_prerun.connect
def take_over(task: Any = None, task_id: str = "", **_: Any) -> None:
    clear_contextvars()
    bind_contextvars(request_id=getattr(task.request, NAME, None) or new_id())


@task_postrun.connect
def forget(**_: Any) -> None:
    clear_contextvars()
