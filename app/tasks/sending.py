"""Putting a message into the broker, which may be away: the database knows what there is to do."""

from flask import current_app
from kombu.exceptions import OperationalError
from redis import RedisError

from app.logs import get_logger

log = get_logger(__name__)

# Whoever looks after it sends another by then, so that a queue which nobody empties does not grow.
EXPIRES_SECONDS = 30.0


def send(task: str, *ids: int | str, queue: str) -> bool:
    """False if the broker cannot be reached.

    Nothing is ever sent for later: a worker that holds a message with a countdown when Redis goes away ends with an
    error (kombu 5.7).
    """
    celery = current_app.extensions["celery"]
    try:
        celery.send_task(f"app.tasks.{task}", args=[*ids], queue=queue, expires=EXPIRES_SECONDS)
    except (OperationalError, RedisError) as error:
        log.warning("it could not be queued", task=task, error=type(error).__name__)
        return False
    return True
