"""Zendesk's minute, and processes that share a budget, on a clock that a test turns by hand."""

import heapq
import itertools
import math
import time

from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import RateLimited
from app.zendesk.rate_limit import SCRIPT, Answer, Budget, Kind

READ = "redis.call('TIME')"
ANY = Endpoint("GET anything")
MICRO = 1_000_000


class HandClock:
    """The budget's clock: Redis reads it where it would read its own."""

    def __init__(self, redis, start=1_800_000_000.0):
        self.redis, self.now = redis, start
        self.set(start)

    def set(self, now):
        self.now, self.micro = now, round(now * MICRO)
        self.redis.hset("clock", mapping={"s": self.micro // MICRO, "us": self.micro % MICRO})


def budget_by_hand(redis, **options):
    """A budget and the clock that it goes by. All is real but the clock."""
    assert SCRIPT.count(READ) == 1
    script = SCRIPT.replace(READ, "redis.call('HMGET', 'clock', 's', 'us')")
    return Budget(redis, "budget", script=script, **options), HandClock(redis)


def ask(budget, who, kind, endpoint=ANY):
    """For one call: the permit, or the wait."""
    told = budget.ask(who, kind, endpoint)
    return told[0] if isinstance(told, list) else told


class Account:
    """Zendesk's side: a fixed minute that began `phase` seconds ago, and what it answers."""

    def __init__(self, clock, limit, phase=0.0, minute=60.0):
        self.clock, self.limit, self.minute = clock, limit, minute
        self.start = clock.micro - round(phase * MICRO)
        self.arrivals = {}
        self.refused = 0

    def window(self):
        return (self.clock.micro - self.start) // round(self.minute * MICRO)

    def receive(self, who="us"):
        """One call arrives; its headers, and whether it is refused."""
        in_window = self.arrivals.setdefault(self.window(), {})
        used = sum(in_window.values())
        refused = used >= self.limit
        if refused:
            self.refused += who == "us"
        else:
            in_window[who] = in_window.get(who, 0) + 1
        left = max(0, self.limit - sum(in_window.values()))
        ends = self.start + (self.window() + 1) * round(self.minute * MICRO)
        seconds_left = (ends - self.clock.micro) / MICRO
        headers = {
            "x-rate-limit": str(self.limit),
            "x-rate-limit-remaining": str(left),
            "ratelimit-reset": str(math.ceil(seconds_left)),
        }
        if refused:
            return headers, RateLimited(429, "too many", retry_after=seconds_left)
        return headers, None

    def most(self, who="us"):
        """The most calls of theirs that arrived in one minute."""
        return max((window.get(who, 0) for window in self.arrivals.values()), default=0)


class World:
    """What happens when: events in order of their time, each a function that may add others."""

    def __init__(self, clock):
        self.clock, self.events, self.order = clock, [], itertools.count()

    def at(self, when, what):
        heapq.heappush(self.events, (when, next(self.order), what))

    def after(self, seconds, what):
        self.at(self.clock.now + seconds, what)

    def run(self, seconds):
        end = self.clock.now + seconds
        while self.events and self.events[0][0] <= end:
            when, _, what = heapq.heappop(self.events)
            self.clock.set(max(when, self.clock.now))
            what()
        self.clock.set(end)


class Process:
    """Asks, sends, is answered, and asks again, as fast as it is let.

    `late`: it tells each answer with its next question, and asks for two calls, makes one and gives the other back.
    """

    def __init__(self, world, account, budget, who, delays, kind=Kind.JOB, pause=0.0, late=False):
        self.world, self.account, self.budget = world, account, budget
        self.who, self.kind, self.pause, self.late = who, kind, pause, late
        self.delays = itertools.cycle(delays)
        self.sent = 0
        self.whys = []
        self.untold, self.spare = [], []

    def ask(self):
        told = self.budget.ask(
            self.who,
            self.kind,
            ANY,
            wanted=2 if self.late else 1,
            answers=[self.told(*one) for one in self.untold],
            spare=self.spare,
        )
        self.untold, self.spare = [], []
        if isinstance(told, list):
            self.sent += 1
            permit, *self.spare = told
            self.world.after(next(self.delays), lambda: self.arrive(permit))
        else:
            self.whys.append(told.why)
            self.world.after(told.seconds, self.ask)

    def arrive(self, permit):
        headers, refusal = self.account.receive()
        self.world.after(next(self.delays), lambda: self.answer(permit, headers, refusal))

    def answer(self, permit, headers, refusal):
        if self.late and not permit.is_probe:
            self.untold.append((permit, headers, refusal, self.world.clock.now))
        else:
            self.budget.answered(self.told(permit, headers, refusal, self.world.clock.now))
        self.world.after(self.pause, self.ask)

    def told(self, permit, headers, refusal, came_at):
        """The answer, of which the budget's clock says how old it is; the real one goes on meanwhile."""
        age = self.world.clock.now - came_at
        return Answer(permit, headers, refusal, time.monotonic() - age + 0.01)
