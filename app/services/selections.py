"""Selections: which tickets a job is about, read from Zendesk page by page."""

from dataclasses import dataclass, field
from typing import Any

from app.zendesk.client import PAGE, Client
from app.zendesk.errors import NotFound, NotNow, RateLimited
from app.zendesk.resources import Ticket


class SelectionGone(Exception):
    """What was selected is no longer there. Its message says so to the user."""


@dataclass(frozen=True)
class SelectionPage:
    """`missing` are ids that were asked for and that Zendesk does not have. `cursor` is None at the end."""

    tickets: list[Ticket]
    missing: list[int] = field(default_factory=list)
    cursor: str | None = None


def read_page(client: Client, selection: dict[str, Any], cursor: str | None) -> SelectionPage:
    """The page of the selection that starts at the cursor (None: the first). Raises SelectionGone, ZendeskError."""
    if "view_id" in selection:
        return _view_page(client, selection["view_id"], cursor)
    return _id_page(client, selection["ticket_ids"], int(cursor or 0))


def matched(client: Client, selection: dict[str, Any]) -> int | None:
    """How many tickets the selection has, where that is known. Raises SelectionGone, ZendeskError."""
    if "view_id" not in selection:
        return len(selection["ticket_ids"])
    try:
        return client.view_count(selection["view_id"]).value
    except NotFound:
        raise _view_gone(selection["view_id"]) from None
    except (RateLimited, NotNow):
        return None  # a count is worth no waiting


def shifts(selection: dict[str, Any]) -> bool:
    """May a reading from front to back miss tickets, because others leave the selection meanwhile?"""
    return "view_id" in selection


def _view_page(client: Client, view_id: int, cursor: str | None) -> SelectionPage:
    try:
        page = client.view_tickets(view_id, cursor)
    except NotFound:
        raise _view_gone(view_id) from None
    return SelectionPage(page.items, cursor=page.cursor)


def _id_page(client: Client, ticket_ids: list[int], start: int) -> SelectionPage:
    wanted = ticket_ids[start : start + PAGE]
    found = client.tickets(wanted) if wanted else {}
    end = start + PAGE
    return SelectionPage(
        tickets=[found[one] for one in wanted if one in found],
        missing=[one for one in wanted if one not in found],
        cursor=str(end) if end < len(ticket_ids) else None,
    )


def _view_gone(view_id: int) -> SelectionGone:
    return SelectionGone(
        f"View {view_id} is gone: somebody deleted it, or no longer shares it with the connection's user. "
        "No ticket was changed. Choose another view."
    )
