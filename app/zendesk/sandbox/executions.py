"""Executed views, which Zendesk serves from a cache for some minutes."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from .clock import SECOND, Clock
from .settings import Settings


@dataclass
class Executions:
    settings: Settings
    clock: Clock
    _made: dict[Hashable, tuple[int, dict[str, Any]]] = field(default_factory=dict)

    def read(self, key: Hashable, execute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What the view held when this was last executed, or holds now if that is too long ago."""
        now = self.clock.now()
        oldest = now - self.settings.view_execute_lifetime * SECOND
        self._made = {asked: made for asked, made in self._made.items() if made[0] > oldest}
        if key in self._made:
            return self._made[key][1]
        content = execute()
        self._made[key] = now, content
        return content
