"""The tickets that a Zendesk search finds, however many they are."""

from dataclasses import dataclass

from app.services.selections.page import SelectionGone, SelectionPage
from app.zendesk.client import Client
from app.zendesk.errors import Invalid, NotNow, RateLimited

# A cursor is good for one hour. A reading that takes longer begins anew, which leaves out what it knows already.
READINGS = 5


@dataclass(frozen=True)
class Search:
    """Read by search export, which has no end at 1,000 as searching has.

    The cursor is the number of the reading, and the cursor in Zendesk's own results.
    """

    query: str
    shifts = False

    def read(self, client: Client, cursor: str | None) -> SelectionPage:
        reading, _, within = (cursor or "1:").partition(":")
        try:
            page = client.search_export(self.query, within or None)
        except Invalid as error:
            if not within:
                raise _not_understood(error) from None
            if int(reading) >= READINGS:
                raise
            return SelectionPage([], cursor=f"{int(reading) + 1}:")
        return SelectionPage(page.items, cursor=page.cursor and f"{reading}:{page.cursor}")

    def matched(self, client: Client) -> int | None:
        try:
            return client.search_count(self.query)
        except Invalid as error:
            raise _not_understood(error) from None
        except (RateLimited, NotNow):
            return None  # a count is worth no waiting


def _not_understood(error: Invalid) -> SelectionGone:
    return SelectionGone(
        f"Zendesk does not understand the search: {error.words or error}. No ticket was changed."
    )
