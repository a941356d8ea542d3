"""Pages that watch a job: a process of its own that asks the web app, as so many browsers do, and takes the time.

One thread and one event loop do for all of them, so that the asking does not take the processor from what is asked.
"""

import asyncio
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

EVERY_SECONDS = 2.0
OVER = 286  # the fragment's own status: ask no more
WELL = {200, 304, OVER}
BROKEN = (ConnectionError, asyncio.IncompleteReadError)


@dataclass(frozen=True)
class Audience:
    """So many pages that ask for one path, every two seconds each."""

    path: str
    pages: int


@dataclass
class Told:
    """The answers that one path gave: milliseconds each, and how often which status."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def failed(self) -> int:
        return sum(number for status, number in self.statuses.items() if status not in WELL)

    def share(self, part: float) -> float:
        """So many milliseconds were enough for this part of the answers (0.5: the median)."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


@dataclass
class Watched:
    """What all saw. `cpu` is the share of one core that the watching itself took."""

    told: dict[str, Told] = field(default_factory=dict)
    cpu: float = 0.0


@contextmanager
def watching(url: str, cookie: str, audiences: list[Audience]) -> Iterator[Watched]:
    """Watch for as long as the block lasts; afterwards the object that it was given holds what was seen."""
    watched = Watched()
    # A fresh interpreter: what is measured here has threads and connections that a fork would share.
    fresh = multiprocessing.get_context("spawn")
    here, there = fresh.Pipe()
    process = fresh.Process(target=_work, args=(url, cookie, audiences, there), daemon=True)
    process.start()
    try:
        here.recv()  # it has begun
        yield watched
        here.send("stop")
        watched.told, watched.cpu = here.recv()
    finally:
        process.terminate()
        process.join()


def _work(url: str, cookie: str, audiences: list[Audience], boss: Connection) -> None:
    told = {audience.path: Told() for audience in audiences}
    begun, processor = time.monotonic(), time.process_time()
    boss.send("begun")
    asyncio.run(_watch(url, cookie, audiences, told, boss))
    passed = time.monotonic() - begun
    boss.send((told, (time.process_time() - processor) / passed))


async def _watch(
    url: str, cookie: str, audiences: list[Audience], told: dict[str, Told], boss: Connection
) -> None:
    dice = random.Random(1)
    pages = [
        asyncio.create_task(
            Page(url, cookie, one.path, told[one.path]).ask_on(dice.uniform(0, EVERY_SECONDS))
        )
        for one in audiences
        for _ in range(one.pages)
    ]
    while not boss.poll():
        await asyncio.sleep(0.1)
        for page in pages:
            if page.done():
                page.result()  # raises what went wrong, if anything
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)


class Page:
    """One open page, with a connection that it keeps for as long as the server does."""

    def __init__(self, url: str, cookie: str, path: str, told: Told) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._head = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\nHX-Request: true\r\n"
        self._told, self._etag = told, ""
        self._reader: asyncio.StreamReader | None = None

    async def ask_on(self, first: float) -> None:
        due = time.monotonic() + first
        while True:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            begun = time.monotonic()
            status = await self._answer()
            self._told.times.append((time.monotonic() - begun) * 1000)
            self._told.statuses[status] += 1
            if status == OVER:
                return
            due += EVERY_SECONDS

    async def _answer(self) -> int:
        """The status of one answer. A server may close a connection that rests; then there is another."""
        if self._reader is not None and not self._reader.at_eof():
            with suppress(*BROKEN):
                return await self._ask()
        if self._reader is not None:
            self._writer.close()
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return await self._ask()

    async def _ask(self) -> int:
        assert self._reader is not None
        etag = f"If-None-Match: {self._etag}\r\n" if self._etag else ""
        self._writer.write(f"{self._head}{etag}\r\n".encode())
        head = Head.of(await self._reader.readuntil(b"\r\n\r\n"))
        await self._reader.readexactly(head.length)
        self._etag = head.etag or self._etag
        return head.status


@dataclass(frozen=True)
class Head:
    """What an answer begins with."""

    status: int
    length: int
    etag: str

    @classmethod
    def of(cls, data: bytes) -> "Head":
        first, *lines = data.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        return cls(
            int(first.split()[1]), int(headers.get("content-length", 0)), headers.get("etag", "")
        )
