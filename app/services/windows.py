"""Counting in moving windows, in Redis: who asked how often within the last minutes."""

import hashlib
import hmac

from flask import current_app
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

from app.extensions import redis


def in_redis(name: str) -> MovingWindowRateLimiter:
    """The windows that are kept under this name. What asks them raises RedisError."""
    return MovingWindowRateLimiter(_storage(name))


def sliding_in_redis(name: str) -> SlidingWindowCounterRateLimiter:
    """Windows for what is counted by the thousand at once: two numbers each, nearly as exact."""
    return SlidingWindowCounterRateLimiter(_storage(name))


def _storage(name: str) -> RedisStorage:
    pool = redis.client.connection_pool
    return RedisStorage("redis://", connection_pool=pool, key_prefix=redis.key(name))


def hidden(*of: str) -> str:
    """A name that tells nobody who looks into Redis whose tries these are, nor lets them find out by trying."""
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, repr(of).encode(), hashlib.sha256).hexdigest()[:32]
