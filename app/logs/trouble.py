"""Exceptions as they are logged: where it happened, and what, but never the words of somebody's ticket.

An exception often quotes what it choked on. So only the messages of those are kept that speak of code and servers.
"""

import sys
import traceback
from collections.abc import Iterator
from typing import Any

from structlog.typing import EventDict

LONGEST = 300  # characters of a message
# Packages whose exceptions speak of servers, addresses and our own code, and not of data.
_PLAIN = {"app", "celery", "billiard", "kombu", "redis", "werkzeug", "jinja2", "click"}
_OF_ZENDESK = "app.zendesk.errors"


def tell_trouble(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Turn what was raised into words: no values of variables, and messages only as above."""
    told = event.pop("exc_info", None)
    if told is True:  # of our own loggers: what is being handled now
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_lines(error))
    return event


def message(error: BaseException) -> str:
    """What of an exception may be logged: its type, and its message where that cannot quote anybody."""
    name = type(error).__qualname__
    if not _is_plain(error):
        return f"{name} ({code})" if (code := _sqlstate(error)) else name
    words = str(error).partition("\n")[0][:LONGEST]
    if type(error).__module__ == _OF_ZENDESK:
        words = words.partition(": ")[
            0
        ]  # “Zendesk answered 422”, without its words, which may quote the ticket
    return f"{name}: {words}" if words else name


def _is_plain(error: BaseException) -> bool:
    kind = type(error)
    if kind.__module__ == "celery.utils.serialization":
        return False  # it stands for another, and quotes that
    if kind.__module__ == "builtins":
        return not isinstance(error, ValueError)  # “could not convert string to float: …”
    if kind.__name__ == "OperationalError":
        return True  # of a database that is locked or gone
    return kind.__module__.partition(".")[0] in _PLAIN


def _sqlstate(error: BaseException) -> str:
    """PostgreSQL's number for what happened."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def _lines(error: BaseException) -> Iterator[str]:
    for one in _chain(error):
        yield "Traceback, most recent call last:"
        yield from (line.rstrip() for line in traceback.format_tb(one.__traceback__))
        yield message(one)


def _chain(error: BaseException) -> list[BaseException]:
    """The error, and before it those that led to it."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.insert(0, current)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return chain
