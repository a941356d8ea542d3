"""The tickets of one view, or of several, each once."""

from dataclasses import dataclass

from app.services.selections.page import SelectionGone, SelectionPage
from app.zendesk.client import Client
from app.zendesk.errors import NotFound, NotNow, RateLimited


@dataclass(frozen=True)
class Views:
    """The cursor is the place of a view among them, and the cursor in that view."""

    ids: list[int]
    shifts = True

    def read(self, client: Client, cursor: str | None) -> SelectionPage:
        place, _, within = (cursor or "0:").partition(":")
        view_id = self.ids[int(place)]
        try:
            page = client.view_tickets(view_id, within or None)
        except NotFound:
            raise _gone(view_id) from None
        return SelectionPage(page.items, cursor=self._next(int(place), page.cursor))

    def _next(self, place: int, within: str | None) -> str | None:
        if within is not None:
            return f"{place}:{within}"
        return f"{place + 1}:" if place + 1 < len(self.ids) else None

    def matched(self, client: Client) -> int | None:
        """None for several views, since nobody counts a ticket once that is in two of them."""
        if len(self.ids) > 1:
            return None
        try:
            return client.view_count(self.ids[0]).value
        except NotFound:
            raise _gone(self.ids[0]) from None
        except (RateLimited, NotNow):
            return None  # a count is worth no waiting


def _gone(view_id: int) -> SelectionGone:
    return SelectionGone(
        f"View {view_id} is gone: somebody deleted it, or no longer shares it with the connection's user. "
        "No ticket was changed. Choose another view."
    )
