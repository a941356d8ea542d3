"""How often something may be asked for, counted in a moving window: the calls of a program, for each token."""

import math
import time
from dataclasses import dataclass

from flask import current_app
from limits import RateLimitItem, RateLimitItemPerMinute
from redis import RedisError

from app.models import ApiToken, Scope
from app.services.windows import in_redis

_SETTINGS = {Scope.READ: "API_READS_A_MINUTE", Scope.WRITE: "API_WRITES_A_MINUTE"}


@dataclass(frozen=True)
class Rate:
    """`wait`: seconds until the oldest call of the window counts no more."""

    limit: int
    left: int
    wait: int
    is_exceeded: bool


def take(token: ApiToken, scope: Scope) -> Rate | None:
    """Count one more call that reads, or one that writes. None without Redis: then nobody counts."""
    item = RateLimitItemPerMinute(current_app.config[_SETTINGS[scope]])
    return counted("calls", item, str(token.id), str(scope))


def counted(what: str, item: RateLimitItem, *names: str) -> Rate | None:
    """Count one more in the window of these names. None without Redis."""
    try:
        windows = in_redis(what)
        is_within = windows.hit(item, *names)
        stats = windows.get_window_stats(item, *names)
    except RedisError:
        return None
    wait = max(1, math.ceil(stats.reset_time - time.time()))
    return Rate(item.amount, max(0, stats.remaining), wait, is_exceeded=not is_within)
