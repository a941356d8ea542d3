"""How well the rate budget uses what Zendesk permits, and what a call costs beside bare `requests`.

    make bench-zendesk

Four processes share one budget and send as fast as they are let, while somebody outside the budget sends a steady
stream. Then one process sends the same calls through our client and with bare `requests`, in turn.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Event, Process
from typing import Any

import redis
import requests
from requests.adapters import HTTPAdapter

from app.zendesk.client import Client
from app.zendesk.errors import NotNow, RateLimited
from app.zendesk.rate_limit import Budget, Kind
from app.zendesk.sign_in import ApiToken
from app.zendesk.turnstile import Turn
from bench import results
from bench.servers import broker, sandbox

OURS, OTHERS = "Giga Tools", "somebody else"
SIGN_IN = ApiToken("admin@sandbox.test", "sandbox-token")
BASIC = (f"{SIGN_IN.email}/token", SIGN_IN.token)
LIMIT, RESERVE, HANDS = 700, 0.3, 4
CALLS_A_BLOCK = 100
NEWLINE = "\n"


def budget(redis_url: str, window: float, reserve: float = RESERVE) -> Budget:
    return Budget(redis.Redis.from_url(redis_url), "bench", window=window, reserve=reserve)


def work(address: str, redis_url: str, window: float, name: str, stop: Any) -> None:
    """One job that has always something to ask."""
    client = Client(
        address, SIGN_IN, turnstile=Turn(budget(redis_url, window), name, Kind.JOB, patience=5.0)
    )
    while not stop.is_set():
        try:
            client.tickets([1, 2, 3])
        except NotNow as wait:
            stop.wait(min(wait.seconds, 1.0))
        except RateLimited:
            pass  # the sandbox counts them


def intrude(address: str, window: float, a_minute: int, stop: Any) -> None:
    """Somebody outside the budget, who sends evenly."""
    session = requests.Session()
    session.auth = BASIC
    session.headers["User-Agent"] = OTHERS
    while not stop.wait(window / a_minute):
        session.get(f"{address}/api/v2/users/me.json", timeout=10)


@dataclass(frozen=True)
class Count:
    """What the sandbox has counted so far."""

    at: float
    ours: int
    others: int
    refused_us: int
    refused_others: int


def count(address: str) -> Count:
    told = requests.get(f"{address}/_sandbox/summary", timeout=10).json()
    callers, refused = told["requests_by_agent"], told["answered_429_by_agent"]
    return Count(
        at=time.monotonic(),
        ours=callers.get(OURS, 0),
        others=callers.get(OTHERS, 0),
        refused_us=refused.get(OURS, 0),
        refused_others=refused.get(OTHERS, 0),
    )


@dataclass(frozen=True)
class Share:
    """One run. Calls are per minute of Zendesk's."""

    minutes: float
    ours: float
    others: float
    refused_us: int
    refused_others: int

    @property
    def permitted(self) -> float:
        return LIMIT * (1 - RESERVE) - self.others

    @property
    def used(self) -> float:
        return self.ours / self.permitted


def measure_share(speed: float, minutes: int, others: int) -> Share:
    """Let them all run for a minute first, so that the measured ones are like any later ones."""
    window, stop = 60.0 / speed, Event()
    with broker() as redis_url, sandbox(speed, requests_per_minute=LIMIT) as zendesk:
        address = zendesk.url
        hands = [
            Process(target=work, args=(address, redis_url, window, f"job-{n}", stop))
            for n in range(HANDS)
        ]
        if others:
            hands.append(Process(target=intrude, args=(address, window, others, stop)))
        for hand in hands:
            hand.start()
        time.sleep(1.5 * window)
        before = count(address)
        time.sleep(minutes * window)
        after = count(address)
        stop.set()
        for hand in hands:
            hand.join()
    passed = (after.at - before.at) / window
    return Share(
        minutes=passed,
        ours=(after.ours - before.ours) / passed,
        others=(after.others - before.others) / passed,
        refused_us=after.refused_us,
        refused_others=after.refused_others,
    )


@dataclass(frozen=True)
class Cost:
    """Microseconds a call, the median of blocks that took turns."""

    bare: float
    ours: float
    without_budget: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def measure_cost(blocks: int) -> Cost:
    with (
        broker() as redis_url,
        sandbox(requests_per_minute=100_000_000) as zendesk,
    ):
        address = zendesk.url
        turn = Turn(budget(redis_url, 60.0), "job", Kind.JOB)
        ways = [_bare(address), _client(address, turn), _client(address, None)]
        times: list[list[float]] = [[], [], []]
        for _ in range(blocks):
            for way, taken in zip(ways, times, strict=True):
                taken.append(next(way))
        bare, ours, without = (statistics.median(taken[1:]) for taken in times)
    return Cost(bare=bare, ours=ours, without_budget=without)


def _bare(address: str) -> Iterator[float]:
    """What anybody would write: a session that keeps its connection, and the JSON read."""
    session = requests.Session()
    session.trust_env = False
    session.auth = BASIC
    session.mount("http://", HTTPAdapter(pool_maxsize=4))

    def call() -> None:
        answer = session.get(
            f"{address}/api/v2/tickets/show_many.json", params={"ids": "1"}, timeout=(5, 15)
        )
        answer.raise_for_status()
        answer.json()

    yield from _timed(call)


def _client(address: str, turn: Turn | None) -> Iterator[float]:
    client = Client(address, SIGN_IN, turnstile=turn)
    yield from _timed(lambda: client.tickets([1]))


def _timed(call: Any) -> Iterator[float]:
    while True:
        begun = time.perf_counter()
        for _ in range(CALLS_A_BLOCK):
            call()
        yield (time.perf_counter() - begun) / CALLS_A_BLOCK * 1e6


def report(speed: float, shares: list[Share], cost: Cost) -> str:
    rows = [
        f"| {share.others:.0f} | {share.permitted:.0f} | {share.ours:.0f} | {share.used:.1%} "
        f"| {share.refused_us} | {share.refused_others} | {share.minutes:.1f} |"
        for share in shares
    ]
    return f"""## The rate budget

{results.today()}; `make bench-zendesk`. {HANDS} processes share one budget of {LIMIT} calls a
minute with a reserve of {RESERVE:.0%}, at speed {speed:g}; a fifth sends steadily, outside the budget.

| others a minute | permitted to us | used by us | share | 429s to us | 429s to others | minutes |
|---:|---:|---:|---:|---:|---:|---:|
{NEWLINE.join(rows)}

Goal: at least 97 %, and no 429. A call takes {cost.ours:.0f} µs through our client with the budget,
{cost.without_budget:.0f} µs through it without, {cost.bare:.0f} µs with bare `requests` on the same server, in turn:
{cost.ratio:.2f} times (goal: at most 1.3).
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--speed", type=float, default=1.0, help="of the sandbox; kept figures have 1"
    )
    parser.add_argument("--minutes", type=int, default=5, help="of Zendesk's, measured in each run")
    parser.add_argument("--others", type=int, nargs="*", default=[0, 100, 200])
    parser.add_argument("--blocks", type=int, default=21, help="of 100 calls, each way")
    parser.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    chosen = parser.parse_args()
    cost = measure_cost(chosen.blocks)
    shares = [measure_share(chosen.speed, chosen.minutes, others) for others in chosen.others]
    text = report(chosen.speed, shares, cost)
    print(text)
    if chosen.write:
        results.keep(text)


if __name__ == "__main__":
    main()
