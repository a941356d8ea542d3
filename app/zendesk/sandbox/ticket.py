"""One ticket as the sandbox holds it, and as Zendesk writes it in JSON."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from .clock import to_iso

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("question", "incident", "problem", "task")
CUSTOM_STATUSES = {status: 7_001 + place for place, status in enumerate(STATUSES)}
FORM_ID, BRAND_ID = 8_001, 8_101
_NO_SOURCE = {"from": {}, "to": {}, "rel": None}


class Ticket(NamedTuple):
    """An immutable record: a change makes another one. Times are virtual microseconds."""

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

    @classmethod
    def from_row(cls, row: list[Any]) -> "Ticket":
        """Back from the JSON array in which a ticket is stored."""
        ticket = cls(*row)
        pairs = tuple((field, value) for field, value in ticket.custom_fields)
        return ticket._replace(tags=tuple(ticket.tags), custom_fields=pairs)

    def to_json(self, base_url: str) -> dict[str, Any]:
        """The keys that a recorded Zendesk ticket has, in their order."""
        fields = [{"id": field, "value": value} for field, value in self.custom_fields]
        return {
            "url": f"{base_url}/api/v2/tickets/{self.id}.json",
            "id": self.id,
            "external_id": None,
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
            "collaborator_ids": [],
            "follower_ids": [],
            "email_cc_ids": [],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": True,
            "due_at": None,
            "tags": list(self.tags),
            "custom_fields": fields,
            "satisfaction_rating": None,
            "sharing_agreement_ids": [],
            "custom_status_id": CUSTOM_STATUSES[self.status],
            "fields": fields,
            "followup_ids": [],
            "ticket_form_id": FORM_ID,
            "brand_id": BRAND_ID,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
        }


def clean_tags(tags: str | Iterable[str] | None) -> tuple[str, ...]:
    """Tags as Zendesk keeps them: lower-cased, split on spaces, each once, in order."""
    words = [tags] if isinstance(tags, str) else tags or []
    return tuple(sorted({tag for word in words for tag in str(word).lower().split()}))
