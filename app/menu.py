"""A part of the console with a menu of its own. Each module of its package that has a `PAGE` is one page of it."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, request


@dataclass(frozen=True)
class Page:
    """A page that people find in the menu, those with the smallest `place` first."""

    title: str
    summary: str
    endpoint: str
    place: int


class Menu:
    """The pages of a package. They are found, not listed."""

    def __init__(self, package: str, path: Iterable[str]) -> None:
        self._by_module = dict(sorted(_found(package, path), key=lambda found: found[1].place))

    def __iter__(self) -> Iterator[Page]:
        return iter(self._by_module.values())

    @property
    def current(self) -> Page | None:
        """The page that one is at, or beneath: what the same module answers belongs to its page."""
        view: Any = current_app.view_functions.get(request.endpoint or "")
        return self._by_module.get(getattr(view, "__module__", ""))


def _found(package: str, path: Iterable[str]) -> Iterator[tuple[str, Page]]:
    for module in pkgutil.iter_modules(path, f"{package}."):
        page = getattr(importlib.import_module(module.name), "PAGE", None)
        if isinstance(page, Page):
            yield module.name, page
