"""The account's views, with their counts where Zendesk tells them in time."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from redis import RedisError

from app.database import now
from app.extensions import redis
from app.services import connection
from app.zendesk.client import Client
from app.zendesk.errors import ZendeskError
from app.zendesk.resources import View

# Zendesk counts 20 views a call and permits six such calls a minute.
COUNTED_AT_ONCE = 20
KEPT_SECONDS = 60
YOUNGEST = timedelta(seconds=5)  # to be read anew: nobody clicks the limits of the account away


@dataclass(frozen=True)
class ListedView:
    id: int
    title: str
    count: int | None  # None: not known, which is not zero

    @property
    def label(self) -> str:
        return f"{self.title} ({self.count:,})" if self.count is not None else self.title


@dataclass(frozen=True)
class ListedViews:
    """The active views in Zendesk's order, and when they were read."""

    views: list[ListedView]
    as_of: datetime = field(default_factory=now)

    @property
    def has_counts(self) -> bool:
        return any(view.count is not None for view in self.views)


def listed(*, anew: bool = False) -> ListedViews:
    """The views as they are, or were within the last minute. `anew`: as they are now.

    Raises ZendeskError or NotConnected when they cannot be had; counts alone never stop the list.
    """
    client = connection.client()
    key = redis.key(f"listed-views:{client.base_url}")
    kept = _remembered(key)
    if kept and not (anew and now() - kept.as_of > YOUNGEST):
        return kept
    return _remember(key, _ask(client))


def _ask(client: Client) -> ListedViews:
    views = list(client.active_views())
    counts = _counts(client, views)
    return ListedViews([ListedView(view.id, view.title, counts.get(view.id)) for view in views])


def _counts(client: Client, views: list[View]) -> dict[int, int | None]:
    try:
        counts = client.view_counts(view.id for view in islice(views, COUNTED_AT_ONCE))
    except ZendeskError:
        return {}
    return {view_id: count.value for view_id, count in counts.items()}


def _remembered(key: str) -> ListedViews | None:
    try:
        kept = redis.get(key)
    except RedisError:
        return None
    if not kept:
        return None
    content = json.loads(kept)
    return ListedViews(
        [ListedView(**view) for view in content["views"]],
        datetime.fromisoformat(content["as_of"]),
    )


def _remember(key: str, listed: ListedViews) -> ListedViews:
    if not listed.has_counts:
        return listed  # the counts could not be had this time; the next page asks again
    content = {
        "views": [asdict(view) for view in listed.views],
        "as_of": listed.as_of.isoformat(),
    }
    with suppress(RedisError):  # without Redis, Zendesk is asked each time
        redis.set(key, json.dumps(content), ex=KEPT_SECONDS)
    return listed
