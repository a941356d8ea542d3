"""Answers that are kept for a while, since asking again would be slow and tell the same."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from redis import RedisError

from app.extensions import redis

T = TypeVar("T")


def remembered(name: str, seconds: int, ask: Callable[[], T]) -> T:
    """What `ask` tells, which JSON can hold, or what it told within the last seconds. Raises what it raises.

    `name` is a part of a key in Redis, where it can be read: it names nobody and nothing secret.
    """
    key = redis.key(name)
    with suppress(RedisError):
        if (kept := redis.get(key)) is not None:
            return json.loads(kept)
    told = ask()
    with suppress(RedisError):  # without Redis, it is asked for each time
        redis.set(key, json.dumps(told), ex=seconds)
    return told
