"""A group of our commands, and what holds for all of them."""

import functools
from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.services import readiness


class Group(AppGroup):
    """Where the database is not there, or not of this version, its commands say so in a sentence and exit with 1."""

    def command(self, *args: Any, **options: Any) -> Callable[[Callable[..., Any]], click.Command]:
        decorate = super().command(*args, **options)
        return lambda function: decorate(_in_words(function))


def _in_words(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def told(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except (OperationalError, ProgrammingError):
            if trouble := readiness.trouble_with_database():
                raise click.ClickException(trouble) from None
            raise

    return told
