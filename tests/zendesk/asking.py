"""Each thing that the client can ask, with an answer in the shape of Zendesk's."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from tests.zendesk import recorded as r


@dataclass(frozen=True)
class Asking:
    """A call by name. What comes as a list is read to its end, or for 300 items."""

    name: str
    args: tuple[Any, ...]
    answer: dict[str, Any]
    is_list: bool = False

    def of(self, client):
        found = getattr(client, self.name)(*self.args)
        return list(islice(found, 300)) if self.is_list else found

    def __str__(self):
        return self.name


def listing(name, args, answer):
    return Asking(name, args, answer, is_list=True)


ALL = [
    Asking("me", (), {"user": r.ME}),
    Asking("token_in_use", (), {"token": r.TOKEN}),
    Asking("account_settings", (), {"settings": r.SETTINGS}),
    listing("groups", (), r.page("groups", [r.GROUP])),
    Asking("users", ([1, 2],), {"users": [r.ME]}),
    Asking("custom_statuses", (), {"custom_statuses": [r.CUSTOM_STATUS]}),
    Asking("organizations", ([1, 2],), {"organizations": [{"id": 1, "name": "Trade"}]}),
    listing("ticket_forms", (), r.page("ticket_forms", [{"id": 1, "name": "Returns"}])),
    listing("brands", (), r.page("brands", [{"id": 1, "name": "Trade"}])),
    listing("ticket_fields", (), r.page("ticket_fields", [r.FIELD])),
    Asking("ticket", (35,), {"ticket": r.TICKET}),
    Asking("tickets", ([35],), {"tickets": [r.TICKET], "count": 1}),
    Asking("ticket_count", (), {"count": {"value": 102, "refreshed_at": None}}),
    Asking("update", (35, {"status": "open"}), {"ticket": r.TICKET, "audit": r.AUDIT}),
    Asking("update_same", ([35], {"additional_tags": ["x"]}), {"job_status": r.QUEUED}),
    Asking("update_each", ([{"id": 35, "status": "open"}],), {"job_status": r.QUEUED}),
    listing("audits", (35,), r.page("audits", [r.AUDIT])),
    listing("comments", (35,), r.page("comments", [r.COMMENT])),
    listing("tags", (), r.page("tags", [{"name": "lamp", "count": 7}])),
    Asking("tags_matching", ("la",), {"tags": ["lamp", "lamp_bright"]}),
    Asking("job_status", ("V3-2f0c",), {"job_status": r.COMPLETED}),
    Asking("job_statuses", (["V3-2f0c"],), {"job_statuses": [r.COMPLETED, r.FAILED_CREATION]}),
    listing("job_status_list", (), r.page("job_statuses", [r.DELETED_FOR_GOOD])),
    listing("active_macros", (), r.page("macros", [r.MACRO])),
    listing("macros", (), r.page("macros", [r.MACRO])),
    listing("search_macros", ("bulb",), r.numbered("macros", [r.MACRO])),
    Asking("macro", (25,), {"macro": r.MACRO}),
    Asking("macro_attachments", (25,), {"macro_attachments": [r.ATTACHMENT]}),
    Asking("apply_macro", (25,), r.MACRO_RESULT),
    Asking("apply_macro_to", (35, 25), r.FULL_MACRO_RESULT),
    listing("active_views", (), r.numbered("views", [r.VIEW])),
    Asking("compact_views", (), {"views": [r.VIEW], "count": 1}),
    Asking("view_counts", ([360],), {"view_counts": [r.COUNTING]}),
    Asking("view_count", (360,), {"view_count": r.COUNTING}),
    Asking("view_tickets", (360,), r.page("tickets", [r.TICKET], after="b")),
    Asking("search", ("lamp",), r.SEARCH),
    Asking("search_count", ("lamp",), {"count": 48120}),
    Asking("search_export", ("lamp",), r.page("results", [r.TICKET], after="b")),
    Asking("incremental_tickets", (1695052663,), r.INCREMENTAL),
]
