"""The rate budget: one for each Zendesk account, shared by all processes through Redis.

It keeps within the account's minute and each endpoint's own, leaves a reserve for the people who work in Zendesk, lets
pages go before jobs, and shares the rest evenly among jobs. How it counts is told in `rate_limit.lua`.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

from redis import Redis

from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import Answered, RateLimited, TooManyJobs, Unavailable
from app.zendesk.rate_headers import Reading, Readings

log = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_suffix(".lua").read_text()
SLOT_LEASE_SECONDS = 120.0  # of a process that died; the next slice of its job renews them
ACCOUNT = "account"  # the bucket of the account's minute
_MICRO = 1_000_000


class Kind(StrEnum):
    PAGE = "page"  # somebody looks at a page and waits for it: may use the reserve
    JOB = "job"


class Why(StrEnum):
    """Why a call has to wait."""

    MINUTE = "minute"  # our part of the account's minute is used up
    ENDPOINT = "endpoint"  # the endpoint's own minute is
    ASKED = "asked"  # Zendesk said 429, and for how long
    TROUBLE = "trouble"  # Zendesk said that it is in trouble, and perhaps for how long
    SHARE = "share"  # other jobs are in turn
    LEARNING = "learning"  # the first answer is awaited, which tells the account's limit
    JOBS = "jobs"  # as many Zendesk jobs as we may have are queued or running
    REDIS = "redis"  # where the budget is kept cannot be reached


@dataclass(frozen=True)
class Permit:
    """A call that may be sent now. `is_probe`: nothing is known of the account until its answer is told."""

    call: str
    endpoint: Endpoint
    is_probe: bool = True


@dataclass(frozen=True)
class Answer:
    """What an answer tells the budget."""

    permit: Permit
    headers: Mapping[str, str]
    refusal: Answered | None = None
    came_at: float = field(default_factory=time.monotonic)

    def arguments(self) -> tuple[Any, ...]:
        """As the script takes them."""
        readings = Readings.of(self.headers)
        endpoint = self.permit.endpoint
        ago = max(0, int((time.monotonic() - self.came_at) * _MICRO))
        jobs = readings.jobs
        return (
            *(self.permit.call, endpoint.name, ago, *self._hold(readings)),
            *_numbers(readings.account),
            *_numbers(readings.endpoint(endpoint.name, endpoint.limit)),
            *(("", "") if jobs is None else (jobs.total, jobs.remaining or 0)),
        )

    def _hold(self, readings: Readings) -> tuple[int, str, str]:
        """For how long (µs) which bucket is held after this answer, and why."""
        refusal, nothing = self.refusal, (0, "", "")
        if isinstance(refusal, TooManyJobs) or not isinstance(refusal, RateLimited | Unavailable):
            return nothing
        micro = int(refusal.retry_after * _MICRO)
        if isinstance(refusal, Unavailable):
            # A 500 says nothing of when: only a 503, or a time that is named, is meant for others too.
            is_told = refusal.status == 503 or "Retry-After" in self.headers
            return (micro, self.permit.endpoint.name, Why.TROUBLE) if is_told else nothing
        if readings.ticket_is_used_up:
            return nothing  # this ticket was changed too often; others may be
        # With calls of the account left, the limit that was met is a narrower one; unless the words are
        # those plain ones, in which Zendesk speaks of the account.
        account = readings.account
        used_up = account is None or account.remaining == 0 or not refusal.name
        return micro, ACCOUNT if used_up else self.permit.endpoint.name, Why.ASKED


@dataclass(frozen=True)
class Hold:
    """Not now, but perhaps after so many seconds."""

    seconds: float
    why: Why


class Budget:
    """One Zendesk account's budget. `window` is the length of Zendesk's minute, in seconds.

    `reserve` is the part that people keep; a function, where that can change while somebody works with the budget.
    """

    def __init__(
        self,
        redis: Redis,
        key: str,
        *,
        window: float = 60.0,
        reserve: float | Callable[[], float] = 0.3,
        script: str = SCRIPT,
    ):
        self._script = redis.register_script(script)
        self._key = key
        self._window = int(window * _MICRO)
        self._reserve = reserve

    @property
    def reserve(self) -> float:
        return self._reserve() if callable(self._reserve) else self._reserve

    def ask(
        self,
        who: str,
        kind: Kind,
        endpoint: Endpoint,
        *,
        wanted: int = 1,
        answers: Iterable[Answer] = (),
        spare: Iterable[Permit] = (),
    ) -> list[Permit] | Hold:
        """May `who` send calls to the endpoint now: up to `wanted` permits. Answers at once. Raises RedisError.

        `answers` that were not told yet, and `spare` permits that were not used, take the same way to Redis.
        """
        limit = "" if endpoint.limit is None else endpoint.limit
        reserve = self.reserve
        kept = reserve if endpoint.shared_with_people else 0
        untold = [answer.arguments() for answer in answers]
        told = self._do(
            *("ask", who, kind, reserve, endpoint.name, limit, kept, wanted, len(untold)),
            *chain.from_iterable(untold),
            *chain.from_iterable((permit.call, permit.endpoint.name) for permit in spare),
        )
        number, last, word = told[0], told[1], _word(told[2])
        if not number:
            return Hold(last / _MICRO, Why(word))
        calls = range(last - number + 1, last + 1)
        return [Permit(str(call), endpoint, word == "learning") for call in calls]

    def answered(self, answer: Answer) -> None:
        """The call was answered, or may have been. Learn from it. Raises RedisError."""
        self._do("answered", *answer.arguments())

    def not_sent(self, *permits: Permit) -> None:
        """These calls never reached Zendesk, so they do not count. Raises RedisError."""
        pairs = ((permit.call, permit.endpoint.name) for permit in permits)
        self._do("not_sent", *chain.from_iterable(pairs))

    def leave(self, answers: Iterable[Answer], spare: Iterable[Permit]) -> None:
        """What `ask` would have been told with the next question, where none follows. Raises RedisError."""
        untold = [answer.arguments() for answer in answers]
        pairs = ((permit.call, permit.endpoint.name) for permit in spare)
        self._do("leave", len(untold), *chain.from_iterable(untold), *chain.from_iterable(pairs))

    def take_slot(self, who: str, token: str, most: int, pause: float) -> Hold | None:
        """A place for one more Zendesk job, of at most `most`; None when it was given.

        `pause`: the seconds after which whoever is refused asks again. Raises RedisError.
        """
        lease, again = int(SLOT_LEASE_SECONDS * _MICRO), int(pause * _MICRO)
        given, wait, word = self._do("take_slot", who, token, most, lease, again)
        return None if given else Hold(wait / _MICRO, Why(_word(word)))

    def keep_slots(self, who: str, tokens: Iterable[str]) -> None:
        """Renew the places of what is in flight, also after Redis has lost them. Raises RedisError."""
        self._do("keep_slots", who, int(SLOT_LEASE_SECONDS * _MICRO), *tokens)

    def free_slot(self, token: str) -> None:
        self._do("free_slot", token)

    def hold_slots(self, seconds: float) -> None:
        """Zendesk takes no more jobs for now. Raises RedisError."""
        self._do("hold_slots", int(seconds * _MICRO))

    def report(self) -> dict[str, Any]:
        """The whole state: buckets, slots, waits and the last minutes, for people. Raises RedisError."""
        told = json.loads(self._do("report"))
        return told | {
            name: told[name] or [] for name in ("buckets", "slots", "waits")
        }  # no {} of Lua's

    def _do(self, command: str, *args: Any) -> Any:
        return self._script(keys=[self._key], args=[command, self._window, *args])


def _word(told: bytes | str) -> str:
    return told.decode() if isinstance(told, bytes) else told


def _numbers(reading: Reading | None) -> tuple[int | str, int | str, int | str]:
    if reading is None:
        return "", "", ""
    return (
        reading.total,
        "" if reading.remaining is None else reading.remaining,
        "" if reading.resets is None else reading.resets,
    )
