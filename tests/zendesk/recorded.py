"""Answers in the shapes in which Zendesk was recorded to give them. All values are made up."""

from typing import Any

TICKET: dict[str, Any] = {
    "url": "https://x.zendesk.test/api/v2/tickets/35.json",
    "id": 35,
    "external_id": None,
    "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}},
    "created_at": "2023-09-18T22:51:04Z",
    "updated_at": "2023-09-18T23:25:12Z",
    "type": "incident",
    "subject": "The lamp flickers",
    "raw_subject": "The lamp flickers",
    "description": "It does so at night.",
    "priority": None,
    "status": "open",
    "recipient": None,
    "requester_id": 900000000001,
    "submitter_id": 900000000001,
    "assignee_id": None,
    "organization_id": None,
    "group_id": 810000000001,
    "collaborator_ids": [],
    "follower_ids": [],
    "email_cc_ids": [],
    "forum_topic_id": None,
    "problem_id": None,
    "has_incidents": False,
    "is_public": True,
    "due_at": None,
    "tags": ["lamp", "späť"],
    "custom_fields": [{"id": 27642, "value": "745"}, {"id": 27648, "value": None}],
    "satisfaction_rating": {"score": "unoffered"},
    "sharing_agreement_ids": [],
    "custom_status_id": 700000000001,
    "encoded_id": "ABCDEF-GHIJ",
    "fields": [{"id": 27642, "value": "745"}, {"id": 27648, "value": None}],
    "followup_ids": [],
    "ticket_form_id": 600000000001,
    "brand_id": 500000000001,
    "allow_channelback": False,
    "allow_attachments": True,
    "from_messaging_channel": False,
    "support_type": "agent",
}

AUDIT: dict[str, Any] = {
    "id": 2127301143,
    "ticket_id": 35,
    "created_at": "2023-09-18T23:25:12Z",
    "author_id": 900000000002,
    "metadata": {
        "system": {"client": "Giga Tools", "ip_address": "192.0.2.1", "latitude": 1.5},
        "custom": {"console_job": "b0b1"},
    },
    "events": [
        {
            "id": 2127301163,
            "type": "Change",
            "field_name": "tags",
            "value": ["lamp", "vip"],
            "previous_value": ["lamp"],
        },
        {
            "id": 2127301164,
            "type": "Comment",
            "author_id": 900000000002,
            "body": "We look into it.",
            "html_body": "<p>We look into it.</p>",
            "public": False,
            "attachments": [],
        },
        {"id": 2127301165, "type": "Notification", "via": {"channel": "rule"}, "recipients": [1]},
    ],
    "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
}

COMMENT: dict[str, Any] = {
    "id": 1274,
    "type": "Comment",
    "author_id": 900000000002,
    "body": "We look into it.",
    "html_body": "<p>We look into it.</p>",
    "plain_body": "We look into it.",
    "public": True,
    "attachments": [],
    "audit_id": 2127301143,
    "via": {"channel": "api"},
    "created_at": "2023-09-18T23:25:12Z",
    "metadata": {"system": {}, "custom": {}},
}

MACRO: dict[str, Any] = {
    "url": "https://x.zendesk.test/api/v2/macros/25.json",
    "id": 25,
    "title": "Lamps::Flicker::Ask for the bulb",
    "raw_title": "Lamps::Flicker::Ask for the bulb",
    "active": True,
    "default": False,
    "position": 3,
    "description": None,
    "actions": [
        {"field": "status", "value": "pending"},
        {"field": "current_tags", "value": "lamp bulb"},
        {"field": "comment_value", "value": ["channel:all", "Which bulb is it, {{ticket.id}}?"]},
        {"field": "comment_mode_is_public", "value": True},
        {"field": "custom_fields_27642", "value": "745"},
        {"field": "something_new", "value": [["a", ["b"]], 7, None]},
    ],
    "restriction": {"type": "Group", "id": 810000000001, "ids": [810000000001, 810000000002]},
    "created_at": "2023-08-16T10:00:00Z",
    "updated_at": "2023-09-18T22:00:00Z",
    "usage_7d": 12,
}

MACRO_RESULT: dict[str, Any] = {
    "result": {
        "ticket": {
            "assignee_id": 900000000002,
            "group_id": 810000000001,
            "fields": {"id": 27642, "value": "745"},
            "comment": {
                "body": "Which bulb is it?",
                "html_body": "<p>Which bulb is it?</p>",
                "public": False,
                "scoped_body": [["channel:all", "Which bulb is it?"]],
            },
        }
    }
}

FULL_MACRO_RESULT: dict[str, Any] = {
    "result": {
        "ticket": TICKET | {"status": "pending", "comment": {"body": "Which?", "public": True}}
    }
}

VIEW: dict[str, Any] = {
    "url": "https://x.zendesk.test/api/v2/views/360.json",
    "id": 360,
    "title": "Unsolved lamps",
    "active": True,
    "position": 1,
    "conditions": {"all": [], "any": []},
    "execution": {"group_by": None, "columns": []},
    "restriction": None,
}

COUNTING: dict[str, Any] = {
    "view_id": 360,
    "url": "https://x.zendesk.test/api/v2/views/360/count.json",
    "value": None,
    "pretty": "...",
    "fresh": False,
    "active": True,
    "refresh": "pubsub",
    "channel": "c",
    "poll_wait": 30,
}

QUEUED: dict[str, Any] = {
    "id": "V3-2f0c0123456789abcdef0123456789ab",
    "job_type": "Ticket Bulk Update",
    "url": "https://x.zendesk.test/api/v2/job_statuses/V3-2f0c0123456789abcdef0123456789ab.json",
    "total": 2,
    "progress": None,
    "status": "queued",
    "message": None,
    "results": None,
}

COMPLETED: dict[str, Any] = QUEUED | {
    "progress": 2,
    "status": "completed",
    "message": "Completed at 2023-09-18 23:25:12 +0000",
    "results": [
        {"action": "update", "status": "Updated", "success": True, "id": 35},
        {
            "id": 36,
            "action": "update",
            "success": False,
            "error": "TicketUpdateFailed",
            "details": "Status: closed prevents ticket update",
        },
    ],
}

FAILED_CREATION: dict[str, Any] = QUEUED | {
    "total": 1,
    "progress": 0,
    "status": "failed",
    "results": [
        {"index": 0, "error": "TicketCreateFailed", "details": "Description: cannot be blank"}
    ],
}

DELETED_FOR_GOOD: dict[str, Any] = QUEUED | {
    "total": None,
    "status": "completed",
    "results": {"success": True},
}

ME: dict[str, Any] = {
    "id": 900000000002,
    "url": "https://x.zendesk.test/api/v2/users/900000000002.json",
    "name": "The Connection",
    "email": "connection@x.test",
    "role": "admin",
    "active": True,
    "suspended": False,
    "default_group_id": 810000000001,
}

ANONYMOUS: dict[str, Any] = {"id": None, "name": "Anonymous user", "email": "invalid@example.com"}

GROUP: dict[str, Any] = {
    "id": 810000000001,
    "name": "Lamps",
    "description": "",
    "default": True,
    "deleted": False,
    "is_public": True,
}

FIELD: dict[str, Any] = {
    "id": 27642,
    "type": "tagger",
    "title": "Bulb",
    "active": True,
    "required": True,
    "required_in_portal": False,
    "tag": None,
    "custom_field_options": [
        {
            "id": 1,
            "name": "Bright::745",
            "raw_name": "Bright::745",
            "value": "745",
            "default": False,
        }
    ],
}

CUSTOM_STATUS: dict[str, Any] = {
    "id": 7011,
    "status_category": "hold",
    "agent_label": "Waiting for parts",
    "active": True,
    "default": False,
}

ATTACHMENT: dict[str, Any] = {"id": 100, "filename": "guide.pdf", "size": 2000}

TOKEN: dict[str, Any] = {
    "id": 223443,
    "url": "https://x.zendesk.test/api/v2/oauth/tokens/223443.json",
    "user_id": 900000000002,
    "client_id": 1234,
    "token": "af3345kdj3",
    "refresh_token": None,
    "scopes": ["read", "write"],
    "created_at": "2026-11-01T00:00:00Z",
    "expires_at": "2026-11-01T00:30:00Z",
    "used_at": None,
}

SETTINGS: dict[str, Any] = {
    "active_features": {"ticket_forms": True, "sandbox": True, "voice": False},
    "tickets": {
        "comments_public_by_default": True,
        "assign_tickets_upon_solve": True,
        "tagging": True,
        "maximum_personal_views_to_list": 8,
    },
    "api": {"api_token_access": "true"},
}


def page(name: str, items: list[Any], after: str | None = None) -> dict[str, Any]:
    """A page by cursor. `links.next` is there at the end as well, as Zendesk has it."""
    return {
        name: items,
        "meta": {
            "has_more": after is not None,
            "after_cursor": after or "end==",
            "before_cursor": "a",
        },
        "links": {"prev": None, "next": f"https://x.zendesk.test/?page[after]={after or 'end=='}"},
    }


def numbered(name: str, items: list[Any], following: int | None = None) -> dict[str, Any]:
    """A page by number."""
    link = f"https://x.zendesk.test/api/v2/{name}.json?page={following}&per_page=100"
    return {
        name: items,
        "count": 2,
        "next_page": link if following else None,
        "previous_page": None,
    }


SEARCH: dict[str, Any] = numbered("search", [], 2) | {
    "results": [TICKET | {"result_type": "ticket"}, {"id": 1, "result_type": "group"}],
    "facets": None,
    "count": 48120,
}

INCREMENTAL: dict[str, Any] = {
    "tickets": [TICKET | {"status": "deleted", "generated_timestamp": 1695079512}],
    "after_url": "https://x.zendesk.test/api/v2/incremental/tickets/cursor.json?cursor=MTY5",
    "before_url": None,
    "after_cursor": "MTY5NTA1MjY2My4wfHwyOHw=",
    "before_cursor": None,
    "end_of_stream": False,
}

HEADERS_OF_2023 = {
    "x-rate-limit": "700",
    "x-rate-limit-remaining": "698",
    "rate-limit": "700",
    "rate-limit-remaining": "698",
    "rate-limit-reset": "58",
    "zendesk-rate-limit-tickets-update": "total=20; remaining=19; resets=50",
    "x-request-id": "req-1",
}
HEADERS_OF_2024 = {
    "X-Rate-Limit": "700",
    "X-Rate-Limit-Remaining": "698",
    "RateLimit-Limit": "700",
    "RateLimit-Remaining": "698",
    "RateLimit-Reset": "58",
    "Zendesk-RateLimit-Tickets-Update": "total=20; remaining=19; resets=50",
    "X-Zendesk-Request-Id": "req-1",
    "x-zendesk-api-warn": "Removed restricted keys [:nonsense] from parameters",
}
