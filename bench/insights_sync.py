"""How many tickets a second the sync takes in, on SQLite and on PostgreSQL.

    python -m bench.insights_sync [--tickets N] [--characters N] [--write]

Zendesk's answers are made beforehand and lie in files, so that what is measured is our own work: asking the budget,
reading an answer, deciding what is newer, and writing it.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from flask import current_app
from flask_migrate import upgrade
from requests.adapters import BaseAdapter
from sqlalchemy import delete, func, select
from urllib3 import HTTPResponse

from app import create_app
from app.config import Config
from app.database import writing
from app.extensions import db
from app.models import MirroredTicket, SyncState
from app.services.insights.syncing import sync
from app.zendesk.sandbox import Sandbox, Settings
from bench import processes, results, table
from bench.servers import broker
from tests.fixtures.databases import cluster_of_our_own, postgres_programs
from tests.fixtures.zendesk import BASE_URL, WsgiAdapter

CHECKOUT = Path(__file__).parents[1]
PAGE = 1000  # tickets, as Zendesk gives them
GOAL = 5_000  # tickets a second
SLICE = 20.0  # seconds


class Kept(BaseAdapter):
    """Answers with pages that lie in files: the next one's number is the cursor."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self._files = files
        self.calls, self.seconds = 0, 0.0

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        begun = time.perf_counter()
        place = int(parse_qs(urlsplit(request.url).query).get("cursor", ["0"])[0])
        response = requests.Response()
        response.status_code = 200
        response.headers.update({"x-rate-limit": "1000000", "Content-Type": "application/json"})
        body = BytesIO(self._files[place].read_bytes())
        response.raw = HTTPResponse(body=body, preload_content=False)
        self.calls += 1
        self.seconds += time.perf_counter() - begun
        return response

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Sync:
    """One sync of all pages. Seconds without those in which a page was taken from its file."""

    database: str
    what: str
    tickets: int
    calls: int
    seconds: float
    busy: float  # of the processor: ours, the broker's and the database's

    @property
    def rate(self) -> float:
        return self.tickets / self.busy


class Run:
    """A run that nobody takes away."""

    options = {"backfill_days": 365}

    def check(self) -> None:
        pass


def pages(folder: Path, tickets: int, characters: int, later: int = 0) -> list[Path]:
    """The export of a help desk, in files. Descriptions have so many characters; `later`: so many seconds newer."""
    unlimited = {"requests_per_minute": 1_000_000, "incremental_per_minute": None}
    fake = WsgiAdapter(Sandbox(Settings(tickets=tickets, incremental_delay=0, **unlimited)))
    path, files = "start_time=0", []
    while path:
        request = requests.Request(
            "GET",
            f"{BASE_URL}/api/v2/incremental/tickets/cursor.json?per_page={PAGE}&{path}",
            auth=("admin@sandbox.test/token", "sandbox-token"),
        )
        answer = fake.send(request.prepare()).json()
        path = "" if answer["end_of_stream"] else f"cursor={answer['after_cursor']}"
        for one in answer["tickets"]:
            times = characters // max(1, len(one["description"])) + 1
            one["description"] = (f"{one['description']}\n" * times)[:characters]
            one["generated_timestamp"] += later
            one["subject"] += " again" if later else ""
        answer["after_cursor"] = str(len(files) + 1)
        files.append(folder / f"{later}-{len(files)}.json")
        files[-1].write_text(json.dumps(answer, ensure_ascii=False))
    return files


def measure(
    name: str, url: str, redis_url: str, first: list[Path], later: list[Path]
) -> list[Sync]:
    config = Config(
        SQLALCHEMY_DATABASE_URI=url,
        REDIS_URL=redis_url,
        ZENDESK_SUBDOMAIN="sandbox",
        ZENDESK_BASE_URL=f"http://{name}.test",
        ZENDESK_EMAIL="admin@sandbox.test",
        ZENDESK_API_TOKEN="sandbox-token",
        ZENDESK_WINDOW_SECONDS=0.01,  # else Zendesk's limit would be measured
    )
    app = create_app(config)
    with app.app_context():
        upgrade(directory=str(CHECKOUT / "migrations"))
        asked = {"all new": first, "all as before": first, "all changed": later}
        done = [one_sync(name, what, files) for what, files in asked.items()]
        db.session.remove()
        db.engine.dispose()
    return done


def one_sync(name: str, what: str, files: list[Path]) -> Sync:
    with writing():
        db.session.execute(delete(SyncState))
        db.session.commit()
    current_app.config["ZENDESK_TRANSPORT"] = kept = Kept(files)
    begun, before = time.perf_counter(), processes.seconds(os.getpid())
    while not (progress := sync(Run(), time.monotonic() + SLICE)).is_over:
        assert not progress.wait_until, "the budget made it wait"
    took, busy = time.perf_counter() - begun - kept.seconds, processes.seconds(os.getpid()) - before
    there = db.session.scalar(select(func.count()).select_from(MirroredTicket))
    db.session.rollback()
    assert there == progress.done, (there, progress)
    return Sync(name, what, progress.done, kept.calls, took, busy)


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    programs = postgres_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed.")
    with cluster_of_our_own(programs) as cluster:
        cluster.sql("CREATE DATABASE bench")
        yield {"sqlite": f"sqlite:///{folder}/bench.db", "postgresql": cluster.url("bench")}


def report(done: list[Sync], tickets: int, characters: int, size: int) -> str:
    cells = (
        [
            *(one.database, one.what, f"{one.tickets:,}", str(one.calls)),
            *(f"{one.seconds:.1f} s", f"{one.busy:.1f} s", f"{one.rate:,.0f}"),
        ]
        for one in done
    )
    slowest = min(one.rate for one in done)
    kilobytes = size / tickets / 1000
    verdict = "met" if slowest >= GOAL else "**not met**"
    return f"""## Sync

{results.today()}; `python -m bench.insights_sync --tickets {tickets} --characters {characters} --write`.
An export of {tickets:,} tickets whose descriptions have {characters:,} characters, {kilobytes:.1f} kB of JSON each.
Our own work alone: asking the budget, reading, comparing and writing. Zendesk, which permits 10 pages a minute,
takes longer. “CPU” is that of all our processes, the broker's and PostgreSQL's with them. The last column is per second
of it, since other programs were at work on the machine. PostgreSQL runs without fsync.

{table.head("database tickets_are tickets calls took CPU tickets_a_second")}
{table.rows(cells)}

- at least {GOAL:,} tickets a second of one core (the slowest): {slowest:,.0f}, {verdict}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--characters", type=int, default=1_000, help="of each description")
    parser.add_argument("--write", action="store_true", help="keep the figures, in INSIGHTS.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, broker() as redis_url:
        folder = Path(name)
        first = pages(folder, chosen.tickets, chosen.characters)
        later = pages(folder, chosen.tickets, chosen.characters, later=60)
        size = sum(file.stat().st_size for file in first)
        with databases(folder) as urls:
            done = [
                one
                for database, url in urls.items()
                for one in measure(database, url, redis_url, first, later)
            ]
    text = report(done, chosen.tickets, chosen.characters, size)
    print(text)
    if chosen.write:
        results.keep(text, results.INSIGHTS)


if __name__ == "__main__":
    main()
