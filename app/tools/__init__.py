"""Tools: each module of this package that has a `TOOL` is one. They are found, not listed."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask

from app.access import admins_only, me


@dataclass(frozen=True)
class Tool:
    """A page on which a user says what to do."""

    slug: str
    title: str
    summary: str
    blueprint: Blueprint
    requires_admin: bool = False
    default_limit: int = 500  # tickets a job, unless the user says otherwise
    max_limit: int = 50_000
    export_formats: tuple[str, ...] = ("csv", "json")


def init_app(app: Flask) -> None:
    """Register every tool's blueprint, and put those that a person may use into the menu."""
    tools = sorted(_found(), key=lambda tool: tool.title)
    app.extensions["tools"] = tools
    for tool in tools:
        app.register_blueprint(tool.blueprint)
        if tool.requires_admin:
            # With this app, not with the blueprint: that one is shared by all apps of the process.
            app.before_request_funcs.setdefault(tool.blueprint.name, []).append(admins_only)

    @app.context_processor
    def menu() -> dict[str, Any]:
        return {"tools": [tool for tool in tools if me().is_authenticated and _may_use(tool)]}


def _found() -> Iterator[Tool]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        tool = getattr(importlib.import_module(module.name), "TOOL", None)
        if isinstance(tool, Tool):
            yield tool


def _may_use(tool: Tool) -> bool:
    return me().is_admin or not tool.requires_admin
