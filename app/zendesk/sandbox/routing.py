"""Finds the function that answers a request."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Handler = Callable[..., Any]
# The route's own path, the function and its arguments.
Found = tuple[str, Handler, dict[str, Any]]
_NUMBER, _WORD = r"(?P<\1>[0-9]{1,18})", r"(?P<\1>[^/]+)"


class Routes:
    """The routes of one module: `{id}` stands for a number, `<name>` for any word."""

    def __init__(self, prefix: str = "/api/v2") -> None:
        self._prefix = prefix
        self.entries: list[tuple[str, str, Handler]] = []

    def get(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("GET", path)

    def post(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("POST", path)

    def put(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("PUT", path)

    def delete(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("DELETE", path)

    def _add(self, method: str, path: str) -> Callable[[Handler], Handler]:
        def added(handler: Handler) -> Handler:
            self.entries.append((method, self._prefix + path, handler))
            return handler

        return added


class Router:
    """Plain paths by one look-up, the others by pattern in the order in which they came."""

    def __init__(self, modules: Iterable[Routes]) -> None:
        self._plain: dict[tuple[str, str], Handler] = {}
        self._patterns: dict[str, list[tuple[re.Pattern[str], str, Handler]]] = {}
        for routes in modules:
            for method, path, handler in routes.entries:
                self._add(method, path, handler)

    def find(self, method: str, path: str) -> Found | None:
        """None where there is no route."""
        if handler := self._plain.get((method, path)):
            return path, handler, {}
        for pattern, route, handler in self._patterns.get(method, ()):
            if found := pattern.fullmatch(path):
                return route, handler, _arguments(found)
        return None

    def _add(self, method: str, path: str, handler: Handler) -> None:
        if "{" not in path and "<" not in path:
            self._plain[method, path] = handler
            return
        words = re.sub(r"<(\w+)>", _WORD, path)
        pattern = re.sub(r"\{(\w+)\}", _NUMBER, words)
        self._patterns.setdefault(method, []).append((re.compile(pattern), path, handler))


def _arguments(found: re.Match[str]) -> dict[str, Any]:
    return {
        name: int(text) if text.isascii() and text.isdigit() else text
        for name, text in found.groupdict().items()
    }
