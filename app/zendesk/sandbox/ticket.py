"""One ticket as the sandbox holds it, and as Zendesk writes it in JSON."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from .clock import SECOND, to_iso

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("question", "incident", "problem", "task")
DELETED = "deleted"
CUSTOM_STATUSES = {status: 7_001 + place for place, status in enumerate((*STATUSES, DELETED))}
FORM_ID, BRAND_ID = 8_001, 8_101
_NO_SOURCE = {"from": {}, "to": {}, "rel": None}


class Ticket(NamedTuple):
    """An immutable record: a change makes another one. Times are virtual microseconds.

    `own_status_id` is a custom status that is not the usual one of its status. `generated_at` is
    the last time anything reached the ticket, 0 while that is `updated_at`.
    """

    id: int
    subject: str
    description: str
    status: str
    priority: str | None
    type: str | None
    group_id: int | None
    assignee_id: int | None
    requester_id: int
    organization_id: int | None
    tags: tuple[str, ...]
    custom_fields: tuple[tuple[int, Any], ...]
    channel: str
    created_at: int
    updated_at: int
    external_id: str | None = None
    own_status_id: int | None = None
    ticket_form_id: int = FORM_ID
    brand_id: int = BRAND_ID
    follower_ids: tuple[int, ...] = ()
    due_at: str | None = None
    generated_at: int = 0

    @property
    def custom_status_id(self) -> int:
        return self.own_status_id or CUSTOM_STATUSES[self.status]

    @property
    def touched_at(self) -> int:
        """Zendesk's generated_timestamp, in microseconds."""
        return self.generated_at or self.updated_at

    @classmethod
    def from_row(cls, row: list[Any]) -> "Ticket":
        """Back from the JSON array in which a ticket is stored."""
        ticket = cls(*row)
        pairs = tuple((field, value) for field, value in ticket.custom_fields)
        followers = tuple(ticket.follower_ids)
        tags = tuple(ticket.tags)
        return ticket._replace(tags=tags, custom_fields=pairs, follower_ids=followers)

    def to_json(self, base_url: str) -> dict[str, Any]:
        """The keys that a recorded Zendesk ticket has, in their order."""
        fields = [{"id": field, "value": value} for field, value in self.custom_fields]
        followers = list(self.follower_ids)
        return {
            "url": f"{base_url}/api/v2/tickets/{self.id}.json",
            "id": self.id,
            "external_id": self.external_id,
            "via": {"channel": self.channel, "source": _NO_SOURCE},
            "created_at": to_iso(self.created_at),
            "updated_at": to_iso(self.updated_at),
            "type": self.type,
            "subject": self.subject,
            "raw_subject": self.subject,
            "description": self.description,
            "priority": self.priority,
            "status": self.status,
            "recipient": None,
            "requester_id": self.requester_id,
            "submitter_id": self.requester_id,
            "assignee_id": self.assignee_id,
            "organization_id": self.organization_id,
            "group_id": self.group_id,
            "collaborator_ids": followers,
            "follower_ids": followers,
            "email_cc_ids": [],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": True,
            "due_at": self.due_at,
            "tags": list(self.tags),
            "custom_fields": fields,
            "satisfaction_rating": None,
            "sharing_agreement_ids": [],
            "custom_status_id": self.custom_status_id,
            "fields": fields,
            "followup_ids": [],
            "ticket_form_id": self.ticket_form_id,
            "brand_id": self.brand_id,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
        }

    def to_export(self, base_url: str) -> dict[str, Any]:
        """As an incremental export writes it. A deleted ticket is there with status deleted."""
        return self.to_json(base_url) | {"generated_timestamp": self.touched_at // SECOND}


def clean_tags(tags: str | Iterable[str] | None) -> tuple[str, ...]:
    """Tags as Zendesk keeps them: lower-cased, split on spaces, each once, in order."""
    words = [tags] if isinstance(tags, str) else tags or []
    return tuple(sorted({tag for word in words for tag in str(word).lower().split()}))
