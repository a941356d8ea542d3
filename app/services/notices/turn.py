"""One worker at a time for each receiver: a slow one is not to keep all of them busy.

Only a courtesy. That nothing is sent twice is seen to in the database.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from app.extensions import redis

# Longer than a run with its last try; a worker that dies keeps the turn for so long.
SECONDS = 90

_GIVE_BACK = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"


@contextmanager
def turn(receiver: str) -> Iterator[bool]:
    """Gives whether it is ours."""
    key, mark = redis.key(f"notices:{receiver}"), uuid.uuid4().hex
    is_ours = bool(redis.set(key, mark, nx=True, ex=SECONDS))
    try:
        yield is_ours
    finally:
        if is_ours:
            redis.eval(_GIVE_BACK, 1, key, mark)
