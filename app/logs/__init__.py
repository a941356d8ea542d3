"""Logs: one shape for what Flask, Celery, gunicorn and we ourselves have to say.

In production each line is a JSON object; in development it is for the eye. A line tells the time (UTC), the level, who
says it and what happened, with the id of the request that it belongs to, from the browser to the worker.
"""

import logging
import sys
from typing import IO, Any

import structlog
from flask import Flask
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.typing import EventDict, Processor

from app.logs import requests
from app.logs.celery_words import plain_words
from app.logs.dropping import is_wanted
from app.logs.redaction import redact
from app.logs.requests import add_request, quiet, request_id
from app.logs.trouble import tell_trouble

__all__ = ["bound_contextvars", "get_logger", "init_app", "quiet", "request_id", "set_up"]

get_logger = structlog.stdlib.get_logger


def init_app(app: Flask) -> None:
    set_up(as_json=app.config["FLASK_ENV"] == "production")
    requests.init_app(app)


def set_up(*, as_json: bool) -> None:
    """Let everything in this process log in our way. May be called again, and changes then how lines look."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SAID_ABOUT_EACH,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    _HANDLER.setFormatter(_formatter(as_json))
    root = logging.getLogger()
    if _HANDLER not in root.handlers:
        root.addHandler(_HANDLER)
        root.setLevel(logging.INFO)
    if as_json:
        logging.captureWarnings(True)


def _formatter(as_json: bool) -> logging.Formatter:
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), timestamp_key="time")
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SAID_ABOUT_EACH,
        processors=[
            plain_words,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            tell_trouble,
            redact,
            _in_order,
            last,
        ],
    )


def _in_order(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """What one looks for first comes first."""
    return {**{name: event.pop(name) for name in _FIRST if name in event}, **event}


def _one_line(_logger: Any, _name: str, event: EventDict) -> EventDict:
    event["event"] = str(event["event"]).strip()
    return event


_FIRST = ("time", "level", "logger", "event", "request_id", "user_id", "job_id")
_SAID_ABOUT_EACH: list[Processor] = [
    merge_contextvars,
    add_request,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    _one_line,
]


class _ToStandardError(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what is the standard error at the moment, as the handler of last resort does."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> IO[str]:  # type: ignore[override]
        return sys.stderr


_HANDLER = _ToStandardError()
_HANDLER.addFilter(is_wanted)
