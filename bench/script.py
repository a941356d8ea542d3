"""What a practitioner writes today: zenpy, 100 tickets at a time, each Zendesk job awaited before the next.

zenpy speaks https only, so this sandbox stands behind TLS, in a process of its own.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe, Process
from pathlib import Path
from typing import Any

import requests
from zenpy import Zenpy

from app.zendesk.sandbox import Sandbox, Settings
from bench import results
from bench.floor import BATCH
from bench.orders import ALL_TICKETS, TAG
from tests.fixtures import tls

POLL_SECONDS = 1.0  # of Zendesk's, between two looks at its job


@dataclass(frozen=True)
class Script:
    """One run of it. `seconds` are real ones; `day` names the machine too."""

    tickets: int
    speed: float
    seconds: float
    calls: int
    refused: int  # with 429
    day: str

    def zendesk_seconds(self, tickets: int) -> float:
        """How long so many take, in Zendesk's time: as measured, or that rate carried on."""
        return self.seconds * self.speed * tickets / self.tickets


def measure(tickets: int, speed: float) -> Script:
    with _sandbox(tickets, speed) as (port, session):
        zenpy = Zenpy(
            subdomain="127.0.0",
            domain=f"1:{port}",
            email="admin@sandbox.test",
            token="sandbox-token",
            session=session,
            disable_cache=True,
        )
        begun = time.monotonic()
        _add_tag(zenpy, POLL_SECONDS / speed)
        seconds = time.monotonic() - begun
        told = session.get(f"https://127.0.0.1:{port}/_sandbox/summary", timeout=30).json()
    return Script(tickets, speed, seconds, told["requests"], told["answered_429"], results.today())


def _add_tag(zenpy: Zenpy, pause: float) -> None:
    tickets = list(zenpy.views.tickets(ALL_TICKETS))
    for start in range(0, len(tickets), BATCH):
        chunk = tickets[start : start + BATCH]
        for ticket in chunk:
            ticket.tags = [*ticket.tags, TAG]
        _wait_for(zenpy, zenpy.tickets.update(chunk), pause)


def _wait_for(zenpy: Zenpy, job: Any, pause: float) -> None:
    while zenpy.job_status(id=job.id).status not in {"completed", "failed"}:
        time.sleep(pause)


@contextmanager
def _sandbox(tickets: int, speed: float) -> Iterator[tuple[int, requests.Session]]:
    """Its port, and a session that trusts its certificate."""
    with tempfile.TemporaryDirectory() as folder:
        files = tls.certificate(Path(folder))
        here, there = Pipe()
        process = Process(target=_serve, args=(tickets, speed, files, there), daemon=True)
        process.start()
        session = requests.Session()
        session.trust_env = False
        session.verify = str(files[0])
        try:
            yield here.recv(), session
        finally:
            process.terminate()
            process.join()


def _serve(tickets: int, speed: float, files: Any, there: Any) -> None:
    server = tls.server(Sandbox(Settings(tickets=tickets, speed=speed)), files)
    there.send(server.server_port)
    server.serve_forever()
