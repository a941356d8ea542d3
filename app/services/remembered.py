"""Answers that are kept for a while, since asking again would be slow and tell the same."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from redis import RedisError

from app.extensions import redis

T = TypeVar("T")


def remembered(name: str, seconds: int, ask: Callable[[], T]) -> T:
    """What `ask` tells, which JSON can hold, or what it told within the last seconds. Raises what it raises.

    `name` is a part of a key in Redis, where it can be read: it names nobody and nothing secret.
    """
    if (kept := recalled(name)) is not None:
        return kept
    told = ask()
    with suppress(RedisError):  # without Redis, it is asked for each time
        redis.set(redis.key(name), json.dumps(told), ex=seconds)
    return told


def recalled(name: str) -> Any:
    """What is remembered by this name. None if that is nothing, or Redis cannot be reached."""
    with suppress(RedisError):
        if (kept := redis.get(redis.key(name))) is not None:
            return json.loads(kept)
    return None
