"""Celery logs as the rest of the app does."""

import logging
from typing import Any

from celery.signals import setup_logging


# That somebody listens is enough for Celery to leave the loggers alone. The module holds what the signal holds weakly.
@setup_logging.connect
def log_as_we_do(loglevel: int | None = None, **_: Any) -> None:
    if loglevel:
        logging.getLogger().setLevel(loglevel)
