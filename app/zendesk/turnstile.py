"""What the client asks before each call: one job's, or one page's, way through the rate budget."""

import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import get_ident
from typing import Protocol

from redis import RedisError

from app import metrics
from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import Answered, NotNow, TooManyJobs
from app.zendesk.rate_limit import Answer, Budget, Hold, Kind, Permit, Why

log = logging.getLogger(__name__)

# A job whose calls take less than this gets several permits at once, and may use them for so long.
QUICK_SECONDS, FRESH_SECONDS, AT_ONCE = 0.02, 0.1, 5


class Turnstile(Protocol):
    """What the client asks before each call, and tells of each answer."""

    def enter(self, endpoint: Endpoint) -> Permit | None:
        """Let the call through. Raises NotNow."""
        ...

    def answered(
        self, permit: Permit | None, headers: Mapping[str, str], refusal: Answered | None
    ) -> None: ...

    def not_sent(self, permit: Permit | None) -> None: ...

    def leave(self) -> None:
        """No call follows, as far as anybody knows."""
        ...


class Open:
    """A turnstile for somebody who needs no budget."""

    def enter(self, endpoint: Endpoint) -> None:
        return None

    def answered(
        self, permit: Permit | None, headers: Mapping[str, str], refusal: Answered | None
    ) -> None:
        pass

    def not_sent(self, permit: Permit | None) -> None:
        pass

    def leave(self) -> None:
        pass


@dataclass
class Turn:
    """One job's, or one page's, way through the budget: short waits are waited for, longer ones raised."""

    budget: Budget
    who: str
    kind: Kind
    patience: float = 2.0  # seconds
    sleep: Callable[[float], None] = time.sleep
    _spare: list[Permit] = field(default_factory=list, init=False)
    _untold: list[Answer] = field(default_factory=list, init=False)
    _asked_at: float = field(default=-math.inf, init=False)

    def enter(self, endpoint: Endpoint) -> Permit | None:
        """Raises NotNow, also where Redis is gone, unless a page asks: those few calls need no budget."""
        if self._has_spare(endpoint):
            return self._spare.pop()
        end = time.monotonic() + self.patience
        while True:
            try:
                told = self._ask(endpoint)
            except RedisError:
                if self.kind is Kind.PAGE:
                    return None
                raise NotNow(Why.REDIS, 5.0) from None
            if isinstance(told, list):
                self._spare = told[:-1]
                return told[-1]
            if time.monotonic() + told.seconds > end:
                raise NotNow(told.why, told.seconds)
            metrics.TURN_WAITS.labels(told.why).inc(told.seconds)
            self.sleep(told.seconds)

    def _has_spare(self, endpoint: Endpoint) -> bool:
        fresh = time.monotonic() - self._asked_at < FRESH_SECONDS
        return fresh and bool(self._spare) and self._spare[-1].endpoint == endpoint

    def _ask(self, endpoint: Endpoint) -> list[Permit] | Hold:
        """Several permits at once where calls follow each other so quickly that asking is what takes time."""
        now = time.monotonic()
        is_quick = self.kind is Kind.JOB and now - self._asked_at < QUICK_SECONDS
        wanted = AT_ONCE if is_quick else 1
        self._asked_at = now
        told = self.budget.ask(
            self.who, self.kind, endpoint, wanted=wanted, answers=self._untold, spare=self._spare
        )
        self._untold, self._spare = [], []
        return told

    def answered(
        self, permit: Permit | None, headers: Mapping[str, str], refusal: Answered | None
    ) -> None:
        """Good news of a job's call can wait for its next one, and spares a way to Redis."""
        if permit is None:
            return
        answer = Answer(permit, headers, refusal)
        if self.kind is Kind.JOB and refusal is None and not permit.is_probe:
            self._untold.append(answer)
            return
        self._asked_at = -math.inf  # after a refusal, permits of before are worth nothing
        with self._noting():
            self.budget.answered(answer)
            if isinstance(refusal, TooManyJobs):
                self.budget.hold_slots(refusal.retry_after)

    def not_sent(self, permit: Permit | None) -> None:
        if permit is None:
            return
        with self._noting():
            self.budget.not_sent(permit)

    def leave(self) -> None:
        """Tell what was to be told with the next call."""
        if not (self._untold or self._spare):
            return
        with self._noting():
            self.budget.leave(self._untold, self._spare)
            self._untold, self._spare = [], []

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """What was done is done; a budget that knows too little is taught by the next answer."""
        try:
            yield
        except RedisError as error:
            log.warning("the rate budget could not be told of an answer: %s", type(error).__name__)


class Turns:
    """One job's way through the budget for several threads: each call takes a turn that no other uses meanwhile."""

    def __init__(self, make: Callable[[], Turn]):
        self._make = make
        self._free: list[Turn] = []
        self._taken: dict[int, Turn] = {}  # by thread

    def enter(self, endpoint: Endpoint) -> Permit | None:
        turn = self._taken[get_ident()] = self._one_that_is_free()
        try:
            return turn.enter(endpoint)
        except BaseException:
            self._give_back()
            raise

    def answered(
        self, permit: Permit | None, headers: Mapping[str, str], refusal: Answered | None
    ) -> None:
        self._taken[get_ident()].answered(permit, headers, refusal)
        self._give_back()

    def not_sent(self, permit: Permit | None) -> None:
        self._taken[get_ident()].not_sent(permit)
        self._give_back()

    def leave(self) -> None:
        for turn in list(self._free):
            turn.leave()

    def _one_that_is_free(self) -> Turn:
        try:
            return (
                self._free.pop()
            )  # to look first whether there is one would let two threads find the same
        except IndexError:
            return self._make()

    def _give_back(self) -> None:
        self._free.append(self._taken.pop(get_ident()))
