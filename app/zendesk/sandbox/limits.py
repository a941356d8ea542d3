"""Zendesk's limits of single endpoints, and the routes that count against each of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from .answers import Refusal, refusal, titled_refusal
from .asking import Request

# From here on the pages of a list are deep.
_DEEP_PAGE, _DEEP_DELETED_PAGE = 500, 100
_INCREMENTAL = "Number of allowed incremental export API requests per minute exceeded"


def _always(_request: Request) -> bool:
    return True


def _is_paged(request: Request) -> bool:
    return "page" in request.query


def _is_deep(request: Request) -> bool:
    return _page(request) > _DEEP_PAGE


def _is_deep_among_deleted(request: Request) -> bool:
    return _page(request) > _DEEP_DELETED_PAGE


def _page(request: Request) -> int:
    text = request.query.get("page", "")
    return int(text) if text.isascii() and text.isdigit() else 1


@dataclass(frozen=True)
class Limit:
    """So many requests in a window of so many virtual seconds.

    `setting` names the setting that says how many, and `seconds` may name one too. `per` says
    what has a window of its own: the user, the record that the path names, or else the account.
    `counts` tells whether a request counts at all.
    """

    name: str
    setting: str
    per: tuple[str, ...] = ()
    seconds: int | str = 60
    counts: Callable[[Request], bool] = _always

    def key(self, request: Request, record: object) -> tuple[object, ...]:
        parts = {"user": lambda: request.user_id, "record": lambda: record}
        return (self.name, *(parts[part]() for part in self.per))

    def refusal(self) -> Refusal:
        """In the words of the endpoint, as far as they are known."""
        if self.name == "views-count-many":
            return titled_refusal(429, "TooManyRequests", "Too many requests to update")
        if self.name.startswith("incremental-exports"):
            return refusal(429, "APIRateLimitExceeded", _INCREMENTAL)
        words = f"Number of allowed {self.name} API requests exceeded"
        return refusal(429, "APIRateLimitExceeded", words)


_BY_VIEW = ("user", "record")
_UPDATE = (
    Limit("tickets-update", "tickets_update_per_minute"),
    Limit("per-ticket-updates", "per_ticket_updates", ("user", "record"), "per_ticket_window"),
)
_INCREMENTAL_EXPORT = (Limit("incremental-exports", "incremental_per_minute"),)
_AUDITS = (Limit("ticket-audits", "ticket_audits_per_minute"),)

# A route is written as in its module, without /api/v2 and with a star for each variable.
LIMITS: dict[str, tuple[Limit, ...]] = {
    "PUT /tickets/*": _UPDATE,
    "POST /tickets/*/tags": _UPDATE,
    "PUT /tickets/*/tags": _UPDATE,
    "DELETE /tickets/*/tags": _UPDATE,
    "POST /tickets": (
        Limit("ticket-request-create-by-user-and-ip", "tickets_create_per_minute", ("user",)),
    ),
    "DELETE /tickets/*": (Limit("tickets-destroy", "tickets_delete_per_minute"),),
    "GET /tickets": (
        Limit("tickets-index", "tickets_index_per_minute"),
        Limit("tickets-index-pagination", "tickets_index_per_minute", counts=_is_paged),
        Limit("tickets-index-deep-pagination", "deep_pages_per_minute", counts=_is_deep),
    ),
    "GET /deleted_tickets": (
        Limit("deleted-tickets-index", "deleted_tickets_per_minute"),
        Limit(
            "deleted-tickets-index-deep-pagination",
            "deleted_tickets_deep_per_minute",
            counts=_is_deep_among_deleted,
        ),
    ),
    "GET /tickets/*/audits": _AUDITS,
    "GET /ticket_audits": _AUDITS,
    "GET /views/*/count": (Limit("views-count", "view_count_per_minute", _BY_VIEW),),
    "GET /views/*/execute": (Limit("views-execute", "view_execute_per_minute", _BY_VIEW),),
    "POST /views/preview": (Limit("views-preview", "view_preview_per_minute", ("user",)),),
    "GET /views/count_many": (Limit("views-count-many", "count_many_per_minute"),),
    "GET /search": (Limit("search-index", "search_per_minute"),),
    "GET /search/export": (Limit("search-export", "search_export_per_minute"),),
    "GET /tags": (
        Limit("tags-index", "tags_index_per_minute"),
        Limit("tags-index-pagination", "tags_index_per_minute", counts=_is_paged),
        Limit("tags-index-deep-pagination", "deep_pages_per_minute", counts=_is_deep),
    ),
    "GET /incremental/tickets": _INCREMENTAL_EXPORT,
    "GET /incremental/tickets/cursor": _INCREMENTAL_EXPORT,
    "GET /incremental/users": _INCREMENTAL_EXPORT,
    "GET /incremental/users/cursor": _INCREMENTAL_EXPORT,
    "GET /incremental/organizations": _INCREMENTAL_EXPORT,
}
# They queue a Zendesk job, so their answers tell how many more there may be.
JOB_CALLS = frozenset(
    {
        "PUT /tickets/update_many",
        "POST /tickets/create_many",
        "DELETE /tickets/destroy_many",
    }
)


@cache
def starred(method: str, route: str) -> str:
    """A route in the spelling of this module's tables."""
    return f"{method} {re.sub(r'[{<][^}>]+[}>]', '*', route.removeprefix('/api/v2'))}"
