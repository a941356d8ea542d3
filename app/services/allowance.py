"""How much of Zendesk one person may have while they fill in forms: its limits are everybody's."""

import time

from redis import RedisError

from app.extensions import redis
from app.models import User

A_MINUTE = 60
TROUBLE = "You have asked a lot within a minute. Wait a moment, and go on."


def take(user: User) -> bool:
    """May the person ask once more? Sixty times a minute they may. Without Redis nobody counts."""
    key = redis.key(f"asked:{user.id}:{int(time.time() // 60)}")
    try:
        asked = redis.incr(key)
        redis.expire(key, 120)
    except RedisError:
        return True
    return asked <= A_MINUTE
