"""Reading whole lists from Zendesk in turn with the jobs: page by page, and waiting a little where it must be."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from app.zendesk.errors import NotNow, RateLimited
from app.zendesk.listing import Listing

T = TypeVar("T")

# A pause is short, so that the lease is renewed meanwhile; all of them together leave the next try to beat.
LONGEST_PAUSE = 5.0
PATIENCE = 120.0


@dataclass
class Reading:
    """`alive` is called before each call, and raises where the reading must end."""

    alive: Callable[[], None]
    sleep: Callable[[float], None] = time.sleep
    _waited: float = field(default=0.0, init=False)

    def all(self, listing: Listing[T]) -> list[T]:
        """Every item of the list. Raises ZendeskError."""
        cursor, items = None, []
        while True:
            page = self.patiently(lambda cursor=cursor: listing.page(cursor))
            items += page.items
            cursor = page.cursor
            if cursor is None:
                return items

    def patiently(self, call: Callable[[], T]) -> T:
        """The call's answer, asked again where Zendesk's limits had no room for it."""
        while True:
            self.alive()
            try:
                return call()
            except (NotNow, RateLimited) as error:
                asked = error.seconds if isinstance(error, NotNow) else error.retry_after
                pause = min(max(asked, 0.1), LONGEST_PAUSE)
                if self._waited + pause > PATIENCE:
                    raise
                self._waited += pause
                self.sleep(pause)
