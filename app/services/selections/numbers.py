"""Tickets that somebody named by their ids."""

from dataclasses import dataclass

from app.services.selections.page import SelectionPage
from app.zendesk.client import PAGE, Client


@dataclass(frozen=True)
class Numbers:
    """The cursor is a place in the list."""

    ids: list[int]
    shifts = False

    def read(self, client: Client, cursor: str | None) -> SelectionPage:
        start = int(cursor or 0)
        end = start + PAGE
        wanted = self.ids[start:end]
        found = client.tickets(wanted) if wanted else {}
        return SelectionPage(
            tickets=[found[one] for one in wanted if one in found],
            missing=[one for one in wanted if one not in found],
            cursor=str(end) if end < len(self.ids) else None,
        )

    def matched(self, client: Client) -> int:
        return len(self.ids)
