"""Changes: what one ticket should become, as the difference to what it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.services.comment import Comment
from app.zendesk.resources import Ticket as Snapshot

# What a change may set, by the names that a ticket and an update have for it.
FIELDS = (
    "status",
    "custom_status_id",
    "type",
    "priority",
    "group_id",
    "assignee_id",
    "ticket_form_id",
    "brand_id",
    "subject",
)
# Those of them that a ticket may be without, once it had one.
EMPTIED = frozenset({"type", "group_id", "assignee_id", "subject"})


@dataclass(frozen=True)
class Change:
    """Only what differs from the ticket. None empties a field; custom fields go by id.

    `note` is what more there is to say of it to those who read the plan.
    """

    add_tags: frozenset[str] = frozenset()
    remove_tags: frozenset[str] = frozenset()
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)
    custom_fields: Mapping[int, Any] = field(default_factory=dict, hash=False, repr=False)
    add_followers: frozenset[int] = frozenset()
    remove_followers: frozenset[int] = frozenset()
    comment: Comment | None = None
    note: str | None = field(default=None, compare=False)

    @classmethod
    def making(
        cls,
        ticket: Snapshot,
        *,
        tags: Iterable[str] | None = None,
        fields: Mapping[str, Any] | None = None,
        custom_fields: Mapping[int, Any] | None = None,
        followers: Iterable[int] = (),
        comment: Comment | None = None,
    ) -> "Change":
        """What is left to do until the ticket is so. `tags` are all that it shall have, `followers` some of them.

        A status, form or brand is never emptied, nor is a priority: Zendesk refuses the whole update (“Priority:
        cannot be reset”).
        """
        wanted = ticket.tags if tags is None else frozenset(tags)
        return cls(
            add_tags=wanted - ticket.tags,
            remove_tags=ticket.tags - wanted,
            fields=_differing_fields(ticket, fields or {}),
            custom_fields=_differing(ticket.custom_fields, custom_fields or {}),
            add_followers=frozenset(followers) - set(ticket.follower_ids),
            comment=None if comment is None or comment.is_blank else comment,
        )

    @classmethod
    def from_ledger(
        cls, before: dict[str, Any], after: dict[str, Any], comment: Comment | None = None
    ) -> "Change":
        """The change that was written down as `before` and `after`. Of a comment a ledger has only the beginning."""
        old, new = frozenset(before.get("tags", ())), frozenset(after.get("tags", ()))
        followed, follow = set(before.get("followers", ())), set(after.get("followers", ()))
        return cls(
            add_tags=new - old,
            remove_tags=old - new,
            fields={name: after[name] for name in FIELDS if name in after},
            custom_fields={
                int(one): value for one, value in after.get("custom_fields", {}).items()
            },
            add_followers=frozenset(follow - followed),
            remove_followers=frozenset(followed - follow),
            comment=comment,
        )

    @property
    def is_empty(self) -> bool:
        return self == Change()

    def before(self, ticket: Snapshot) -> dict[str, Any]:
        """The parts of the ticket that the change touches, as they are. JSON."""
        custom_fields = {one: ticket.custom_fields.get(one) for one in self.custom_fields}
        fields = {name: getattr(ticket, name) or None for name in self.fields}
        return self._parts(ticket.tags, fields, custom_fields, ticket.follower_ids)

    def after(self, ticket: Snapshot) -> dict[str, Any]:
        """The same parts as they will be, and the beginning of the comment. JSON."""
        tags = (ticket.tags | self.add_tags) - self.remove_tags
        followers = self.add_followers.union(ticket.follower_ids) - self.remove_followers
        parts = self._parts(tags, self.fields, self.custom_fields, followers)
        return parts | ({"comment": self.comment.for_ledger()} if self.comment else {})

    def _parts(
        self,
        tags: Iterable[str],
        fields: Mapping[str, Any],
        custom_fields: Mapping[int, Any],
        followers: Iterable[int],
    ) -> dict[str, Any]:
        parts: dict[str, Any] = {"tags": sorted(tags)} if self.add_tags or self.remove_tags else {}
        parts |= fields
        if custom_fields:
            parts["custom_fields"] = {str(one): value for one, value in custom_fields.items()}
        if self.add_followers or self.remove_followers:
            parts["followers"] = sorted(followers)
        return parts


class Stamped(Protocol):
    """A ticket, as far as an update must name it."""

    @property
    def id(self) -> int: ...

    @property
    def updated_at(self) -> str: ...


class Planned(Stamped, Protocol):
    """A ticket whose change is written down."""

    @property
    def change(self) -> Change: ...


def payload(change: Change, ticket: Stamped, *, macro_id: int | None = None) -> dict[str, Any]:
    """The ticket's item in an update of many, each with a change of its own.

    It carries the stamp that the ticket had when the change was made. The macro named here is the one that the
    ticket's audit tells of. Raises ValueError for a comment that awaits its rendering.
    """
    content: dict[str, Any] = dict(change.fields)
    if change.add_tags:
        content["additional_tags"] = sorted(change.add_tags)
    if change.remove_tags:
        content["remove_tags"] = sorted(change.remove_tags)
    if change.custom_fields:
        pairs = change.custom_fields.items()
        content["custom_fields"] = [{"id": one, "value": value} for one, value in pairs]
    if followers := _followers(change):
        content["followers"] = followers
    if change.comment:
        content["comment"] = change.comment.payload()
    if macro_id is not None:
        content["macro_ids"] = [macro_id]
    return stamped(content, ticket)


def stamped(content: dict[str, Any], ticket: Stamped) -> dict[str, Any]:
    """The ticket's item in an update of many: a ticket that moved since the stamp is left alone, as a conflict."""
    return {
        "id": ticket.id,
        **content,
        "safe_update": True,
        "updated_stamp": ticket.updated_at,
    }


def _followers(change: Change) -> list[dict[str, Any]]:
    """“put” adds a follower and “delete” takes one away; those not named stay."""
    return [
        {"user_id": person, "action": action}
        for action, people in (("put", change.add_followers), ("delete", change.remove_followers))
        for person in sorted(people)
    ]


def same(one: Any, other: Any) -> bool:
    """Do these stand for one value? An empty text, an empty list and an unticked box are as good as none.

    Zendesk writes ids and numbers now as numbers, now as texts.
    """
    if is_nothing(one) or is_nothing(other):
        return is_nothing(one) and is_nothing(other)
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return str(one) == str(other)


def is_nothing(value: Any) -> bool:
    return value is None or value is False or value == "" or value == []


def _differing_fields(ticket: Snapshot, wanted: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: wanted[name] for name in FIELDS if name in wanted}
    changed = _differing({name: getattr(ticket, name) for name in named}, named)
    return {name: value for name, value in changed.items() if value or name in EMPTIED}


def _differing(now: Mapping[Any, Any], wanted: Mapping[Any, Any]) -> dict[Any, Any]:
    return {
        name: None if is_nothing(value) and value is not False else value
        for name, value in wanted.items()
        if not same(now.get(name), value)
    }
