"""The help desk's macros: which there are, who may use them, and what somebody changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .directory import groups_of
from .people import Person
from .storage import Storage

FIRST_MACRO = 360_501
USAGES = {"usage_1h": 1, "usage_24h": 9, "usage_7d": 40, "usage_30d": 160}
Actions = tuple[tuple[str, Any], ...]
_MADE, _CHANGED = "2025-03-04T10:00:00Z", "2026-06-18T14:30:00Z"


@dataclass(frozen=True)
class Macro:
    """Categories are the segments of the title: `A::B::Title`.

    Without groups and owner everybody shares it.
    """

    id: int
    title: str
    actions: Actions
    active: bool = True
    group_ids: tuple[int, ...] = ()
    owner_id: int | None = None
    description: str | None = None
    attachments: int = 0
    updated_at: str = _CHANGED

    @property
    def category(self) -> str | None:
        """All of the title but its last segment."""
        return self.title.rpartition("::")[0] or None

    def usage(self, name: str) -> int:
        """How often it was used, steadily from its id: most macros are used hardly ever."""
        popularity = (self.id * 2_654_435_761 >> 7) % 97
        return USAGES[name] * popularity**3 // 97**2 // 8

    def to_json(self, base_url: str, usages: Iterable[str] = ()) -> dict[str, Any]:
        content = {
            "url": f"{base_url}/api/v2/macros/{self.id}.json",
            "id": self.id,
            "title": self.title,
            "raw_title": self.title,
            "active": self.active,
            "default": False,
            "position": self.id - FIRST_MACRO + 1,
            "description": self.description,
            "actions": [{"field": field, "value": value} for field, value in self.actions],
            "restriction": self._restriction(),
            "created_at": _MADE,
            "updated_at": self.updated_at,
        }
        return content | {name: self.usage(name) for name in usages}

    def attachments_to_json(self, base_url: str) -> list[dict[str, Any]]:
        first = self.id * 10
        return [
            {
                "id": number,
                "filename": f"guide-{number - first + 1}.pdf",
                "content_type": "application/pdf",
                "content_url": f"{base_url}/api/v2/macros/attachments/{number}/content",
                "size": 2_000 + number % 1_000,
                "created_at": _MADE,
            }
            for number in range(first, first + self.attachments)
        ]

    def may_be_used_by(self, person: Person) -> bool:
        if self.owner_id is not None:
            return self.owner_id == person.id
        return not self.group_ids or not set(self.group_ids).isdisjoint(groups_of(person))

    def _restriction(self) -> dict[str, Any] | None:
        if self.owner_id is not None:
            return {"type": "User", "id": self.owner_id, "ids": [self.owner_id]}
        if self.group_ids:
            return {"type": "Group", "id": self.group_ids[0], "ids": list(self.group_ids)}
        return None


class Macros:
    """The library, and over it what was added or changed while the sandbox ran."""

    def __init__(self, library: Iterable[Macro], storage: Storage) -> None:
        self._by_id = {macro.id: macro for macro in library}
        self._storage = storage
        self._changed: dict[int, Macro] = {}
        for row in storage.fact("macros") or []:
            self._remember(_from_row(row))

    def get(self, macro_id: int) -> Macro | None:
        return self._by_id.get(macro_id)

    def all(self) -> list[Macro]:
        return list(self._by_id.values())

    def seen_by(self, person: Person) -> list[Macro]:
        """An admin's token lists every agent's personal macros, another's only the usable ones."""
        if person.role == "admin":
            return self.all()
        return [macro for macro in self.all() if macro.may_be_used_by(person)]

    def put(self, macro: Macro) -> None:
        self._remember(macro)
        rows = [list(vars(one).values()) for one in self._changed.values()]
        self._storage.set_fact("macros", rows)

    def next_id(self) -> int:
        return max(self._by_id, default=FIRST_MACRO - 1) + 1

    def _remember(self, macro: Macro) -> None:
        self._by_id[macro.id] = self._changed[macro.id] = macro


def _from_row(row: list[Any]) -> Macro:
    number, title, actions, active, group_ids, *rest = row
    pairs = tuple((name, value) for name, value in actions)
    return Macro(number, title, pairs, active, tuple(group_ids), *rest)
