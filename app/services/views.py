"""The account's views, with their counts where Zendesk tells them in time."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice

from redis import RedisError

from app.extensions import redis
from app.services import connection
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError
from app.zendesk.resources import View

# Zendesk counts 20 views a call and permits six such calls a minute.
COUNTED_AT_ONCE = 20
KEPT_SECONDS = 60


@dataclass(frozen=True)
class ListedView:
    id: int
    title: str
    count: int | None  # None: not known, which is not zero

    @property
    def label(self) -> str:
        return f"{self.title} ({self.count:,})" if self.count is not None else self.title


def listed() -> list[ListedView]:
    """The active views in Zendesk's order, at most a minute old.

    Raises ZendeskError or NotConnected when they cannot be had; counts alone never stop the list.
    """
    client = connection.client()
    key = redis.key(f"views:{client.base_url}")
    return _remembered(key) or _remember(key, _ask(client))


def _ask(client: Client) -> list[ListedView]:
    views = list(client.active_views())
    counts = _counts(client, views)
    return [ListedView(view.id, view.title, counts.get(view.id)) for view in views]


def _counts(client: Client, views: list[View]) -> dict[int, int | None]:
    try:
        counts = client.view_counts(view.id for view in islice(views, COUNTED_AT_ONCE))
    except ZendeskError:
        return {}
    return {view_id: count.value for view_id, count in counts.items()}


def _remembered(key: str) -> list[ListedView]:
    try:
        kept = redis.get(key)
    except RedisError:
        return []
    return [ListedView(**view) for view in json.loads(kept)] if kept else []


def _remember(key: str, views: list[ListedView]) -> list[ListedView]:
    if not any(view.count is not None for view in views):
        return views  # the counts could not be had this time; the next page asks again
    with suppress(RedisError):  # without Redis, Zendesk is asked each time
        redis.set(key, json.dumps([asdict(view) for view in views]), ex=KEPT_SECONDS)
    return views
