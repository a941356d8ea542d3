"""Commands: each module of this package that has a `GROUP` is one group of them. They are found, not listed."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from flask import Flask

from app.cli.group import Group
from app.extensions import db
from app.models import AuditEvent, Job, JobTicket, OAuthToken, User, ZendeskSettings
from app.zendesk.sandbox.cli import sandbox_cli


def init_app(app: Flask) -> None:
    for group in (*_found(), sandbox_cli):
        app.cli.add_command(group)
    app.shell_context_processor(_shell)


def _found() -> Iterator[Group]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        group = getattr(importlib.import_module(module.name), "GROUP", None)
        if isinstance(group, Group):
            yield group


def _shell() -> dict[str, Any]:
    models = (AuditEvent, Job, JobTicket, OAuthToken, User, ZendeskSettings)
    return {"db": db} | {model.__name__: model for model in models}
