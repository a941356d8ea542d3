"""How many tickets the views have, as Zendesk has counted them. A list of views never waits for this."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis import RedisError

from app.database import now
from app.extensions import redis
from app.zendesk.client import Client

# Zendesk counts 20 views a call and permits six such calls a minute.
COUNTED_AT_ONCE = 20
GOOD_FOR = timedelta(seconds=60)
BEING_COUNTED = timedelta(seconds=10)
YOUNGEST = timedelta(seconds=5)  # to be counted again: nobody clicks the limits of the account away
KEPT_SECONDS = 3600  # an older count is better than none, and its age is told


@dataclass(frozen=True)
class Count:
    """`value` is None while Zendesk is still counting: that is not zero."""

    value: int | None
    as_of: datetime

    def is_older(self, age: timedelta) -> bool:
        good_for = age if self.value is not None else min(age, BEING_COUNTED)
        return now() - self.as_of > good_for


def known(client: Client) -> dict[int, Count]:
    """The counts that were read within the last hour, by view. Asks nothing of Zendesk."""
    try:
        kept = redis.hgetall(_key(client))
    except RedisError:
        return {}
    return {int(view_id): _count(content) for view_id, content in kept.items()}


def wanting(
    view_ids: Iterable[int], counts: dict[int, Count], age: timedelta = GOOD_FOR
) -> list[int]:
    """Those of the views whose count is missing, and then those whose count is older than this."""
    lacking = [one for one in view_ids if one not in counts or counts[one].is_older(age)]
    return sorted(lacking, key=lambda one: one in counts)


def ask(client: Client, view_ids: Iterable[int]) -> dict[int, Count]:
    """Let Zendesk count the first of these views, as many as it does at once, and keep what it says.

    Raises ZendeskError.
    """
    asked = list(view_ids)[:COUNTED_AT_ONCE]
    found = client.view_counts(asked) if asked else {}
    as_of = now()
    counts = {view_id: Count(count.value, as_of) for view_id, count in found.items()}
    _keep(client, counts)
    return counts


def _keep(client: Client, counts: dict[int, Count]) -> None:
    if not counts:
        return
    content = {
        str(view_id): json.dumps([count.value, count.as_of.isoformat()])
        for view_id, count in counts.items()
    }
    with suppress(RedisError):  # without Redis, Zendesk is asked each time
        redis.hset(_key(client), mapping=content)
        redis.expire(_key(client), KEPT_SECONDS)


def _count(content: str | bytes) -> Count:
    value, as_of = json.loads(content)
    return Count(value, datetime.fromisoformat(as_of))


def _key(client: Client) -> str:
    return redis.key(f"view-counts:{client.base_url}")
