"""What of an account the effect of its macros depends on: the ticket fields and the custom statuses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.zendesk.resources import CustomStatus, TicketField


@dataclass(frozen=True)
class Account:
    """Fields and statuses by id.

    Without statuses a macro's plain status is taken for all that there is to a status.
    """

    fields: Mapping[int, TicketField] = field(default_factory=dict, hash=False)
    statuses: Mapping[int, CustomStatus] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, fields: Iterable[TicketField], statuses: Iterable[CustomStatus]) -> "Account":
        return cls({one.id: one for one in fields}, {one.id: one for one in statuses})

    @cached_property
    def usual(self) -> dict[str, int]:
        """The custom status that a ticket gets with each plain status."""
        return {one.category: one.id for one in self.statuses.values() if one.default}

    def tags_of(self, custom_fields: Mapping[int, Any]) -> frozenset[str]:
        """The tags that a ticket has from its drop-downs, multi-selects and ticked boxes."""
        tags: set[str] = set()
        for number in self._tagging & custom_fields.keys():
            value, known = custom_fields[number], self.fields[number]
            if known.type == "checkbox":
                tags |= {known.tag} if value is True else set()
            else:
                tags |= set(map(str, value if isinstance(value, list) else [value or ""]))
        return frozenset(tags - {""})

    @cached_property
    def _tagging(self) -> set[int]:
        kinds = ("tagger", "multiselect")
        return {
            one.id
            for one in self.fields.values()
            if one.type in kinds or (one.type == "checkbox" and one.tag)
        }
