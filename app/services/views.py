"""The account's active views, by name."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redis import RedisError

from app.database import now
from app.extensions import redis
from app.services import connection
from app.zendesk.client import Client

KEPT_SECONDS = 60
YOUNGEST = timedelta(seconds=5)  # to be read anew: nobody clicks the limits of the account away


@dataclass(frozen=True)
class ListedViews:
    """Titles by id, in Zendesk's order, and when they were read."""

    titles: dict[int, str]
    as_of: datetime = field(default_factory=now)


def listed(*, anew: bool = False) -> ListedViews:
    """The views as they are, or were within the last minute. `anew`: as they are now.

    Raises ZendeskError or NotConnected when they cannot be had.
    """
    client = connection.client()
    key = redis.key(f"listed-views:{client.base_url}")
    kept = _remembered(key)
    if kept and not (anew and now() - kept.as_of > YOUNGEST):
        return kept
    return _remember(key, _ask(client))


def _ask(client: Client) -> ListedViews:
    return ListedViews({view.id: view.title for view in client.active_views()})


def _remembered(key: str) -> ListedViews | None:
    try:
        kept = redis.get(key)
    except RedisError:
        return None
    if not kept:
        return None
    content = json.loads(kept)
    titles = {int(view_id): title for view_id, title in content["titles"]}
    return ListedViews(titles, datetime.fromisoformat(content["as_of"]))


def _remember(key: str, listed: ListedViews) -> ListedViews:
    content = {"titles": list(listed.titles.items()), "as_of": listed.as_of.isoformat()}
    with suppress(RedisError):  # without Redis, Zendesk is asked each time
        redis.set(key, json.dumps(content), ex=KEPT_SECONDS)
    return listed
