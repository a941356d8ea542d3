"""The names of what macros have only ids of, for those who read a plan."""

from typing import Protocol


class Names(Protocol):
    def of(self, kind: str, number: int) -> str | None:
        """The name of this group, agent, field, form, brand or status (the kind); None if it is not known."""
        ...


class NoNames:
    """Knows none: ids stand for themselves."""

    def of(self, kind: str, number: int) -> str | None:
        return None
