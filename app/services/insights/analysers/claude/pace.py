"""How much is asked of Claude in a minute, by all processes together, so that others of the organisation have room."""

import functools

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import RedisError

from app.services import settings
from app.services.windows import sliding_in_redis

_NAME = "claude"


def take(tokens: int) -> bool:
    """Count a call and its tokens, if the minute has room for both. Without Redis each process counts for itself."""
    try:
        return _take(sliding_in_redis(_NAME), tokens)
    except RedisError:
        return _take(_in_this_process(), tokens)


def _take(windows: SlidingWindowCounterRateLimiter, tokens: int) -> bool:
    calls = RateLimitItemPerMinute(int(settings.current("claude_requests_a_minute")))
    most = int(settings.current("claude_tokens_a_minute"))
    room, cost = RateLimitItemPerMinute(most), min(tokens, most)
    if not windows.test(calls, "calls") or not windows.test(room, "tokens", cost=cost):
        return False
    return windows.hit(calls, "calls") and windows.hit(room, "tokens", cost=cost)


@functools.cache
def _in_this_process() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(MemoryStorage())
