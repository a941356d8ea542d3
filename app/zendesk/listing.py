"""Lists that Zendesk gives page by page."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from app.zendesk.errors import Unreadable
from app.zendesk.resources import Page

T = TypeVar("T")


class Listing(Generic[T]):
    """Iterates over the items of a list, asking for each page when it is needed.

    Whoever wants to go on later takes `pages` instead, and keeps the cursor of the last page it
    was done with. Both raise ZendeskError.
    """

    def __init__(self, fetch: Callable[[str | None], Page[T]]):
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def pages(self, cursor: str | None = None) -> Iterator[Page[T]]:
        """The pages from a cursor on (None: from the first). A page may be empty and not the last."""
        while True:
            page = self.page(cursor)
            yield page
            if page.cursor is None:
                return
            cursor = page.cursor

    def page(self, cursor: str | None = None) -> Page[T]:
        """The one page that starts at the cursor."""
        page = self._fetch(cursor)
        if cursor is not None and page.cursor == cursor:
            # To follow it would be to ask for the same page for ever.
            raise Unreadable("Zendesk's list does not go on: its cursor stays where it was")
        return page
