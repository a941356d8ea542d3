"""How often somebody may try a password or a code: counted in moving windows, in Redis.

Tries are counted by where they come from and by what they are for, and never by whether that exists. An attacker
must not be able to lock somebody out, so a browser in which that person has signed in before is counted apart from
everybody else's. Where Redis is away each process counts for itself, since people must be able to sign in then too.
"""

import ipaddress
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from flask import current_app
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from app.services.windows import hidden, in_redis

log = logging.getLogger(__name__)

T = TypeVar("T")


def _every(minutes: int, tries: int, name: str) -> RateLimitItem:
    return RateLimitItemPerMinute(tries, minutes, namespace=name)


# Failed tries of one address, for whatever accounts. An office shares one, and its people mistype in the morning.
ADDRESS = _every(15, 60, "address")
# Tries for one account from one address: a person who is sure of their password needs fewer.
ACCOUNT_AT_ADDRESS = _every(15, 10, "account-at-address")
# And from all addresses. It is met by those alone who have many addresses; it is wide, since it keeps the person
# out of new browsers too.
ACCOUNT = _every(60, 50, "account")
# Of a browser in which the person has signed in before.
KNOWN_BROWSER = _every(15, 10, "browser")
# Codes after one right password, and for one account. Of a million codes three are good: 10 an hour find one
# in a thousand days.
CODE_OF_SIGN_IN = _every(15, 5, "code-of-sign-in")
CODE_OF_ACCOUNT = _every(60, 10, "code-of-account")
CODE_OF_KNOWN_BROWSER = _every(60, 10, "code-of-browser")
# The password or code of somebody who is signed in: whoever found an open browser has no more tries than that.
PROOF = _every(15, 10, "proof")
# What is noted once in a while, and not with each try.
_NOTED = _every(15, 1, "noted")

_AWAY_SECONDS = (
    10.0  # so long a Redis that did not answer is not asked again, lest each try waits for it
)


class Throttled(Exception):
    """There were too many tries. Its message says so, and when to come again."""

    def __init__(self, seconds: float):
        self.seconds = max(1, round(seconds))
        super().__init__(f"There were too many tries. Try again in {_in_words(self.seconds)}.")


@dataclass(frozen=True)
class Count:
    """One of the counts that a try goes into. `of` is never kept as it is: it may be an email or an address."""

    limit: RateLimitItem
    of: tuple[str, ...]


def take(counts: Iterable[Count]) -> None:
    """Count a try before it is made, so that many at once are not one. Raises Throttled if there were too many."""
    counts = list(counts)
    check(counts)
    for count in counts:
        if not _counted(lambda limiter, one=count: limiter.hit(one.limit, hidden(*one.of))):
            check([count])


def check(counts: Iterable[Count]) -> None:
    """Raises Throttled if there were too many tries, with the longest of the waits."""
    waits = [wait for count in counts if (wait := _wait(count)) is not None]
    if waits:
        raise Throttled(max(waits))


def count(counts: Iterable[Count]) -> None:
    """Count a try that failed."""
    for one in counts:
        _counted(lambda limiter, one=one: limiter.hit(one.limit, hidden(*one.of)))


def forget(counts: Iterable[Count]) -> None:
    """Begin the counts anew: it was the person."""
    for count in counts:
        _counted(lambda limiter, one=count: limiter.clear(one.limit, hidden(*one.of)))


def is_first(*what: str) -> bool:
    """Is it the first time in a quarter of an hour that this is asked?"""
    return _counted(lambda limiter: limiter.hit(_NOTED, hidden(*what)))


def place(address: str) -> str:
    """What is counted as one address. Whoever has one of IPv6 has a whole network of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _wait(count: Count) -> float | None:
    """Seconds until another try is free; None if one is now."""
    if _counted(lambda limiter: limiter.test(count.limit, hidden(*count.of))):
        return None
    stats = _counted(lambda limiter: limiter.get_window_stats(count.limit, hidden(*count.of)))
    return stats.reset_time - time.time()


def _counted(ask: Callable[[MovingWindowRateLimiter], T]) -> T:
    alone = current_app.extensions.setdefault("throttle", _Alone())
    if time.monotonic() >= alone.until:
        try:
            return ask(in_redis("tries"))
        except RedisError as error:
            log.warning(
                "tries to sign in are counted by this process alone: %s", type(error).__name__
            )
            alone.until = time.monotonic() + _AWAY_SECONDS
    return ask(alone.limiter)


@dataclass
class _Alone:
    """What this process counts by itself, until Redis is asked again."""

    until: float = 0.0
    limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return "one second" if seconds == 1 else f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return "one minute" if minutes == 1 else f"{minutes} minutes"
