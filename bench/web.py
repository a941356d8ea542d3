"""How quickly the web app answers while 200 pages watch a job, and whether that slows the job.

    python -m bench.web --databases sqlite,postgresql --tickets 50000 --speed 5 --write

The same job runs with nobody watching, then with 200 programs that ask for its status, then with 200 open pages that
ask for the fragment that the browser shows. Each time everything is started anew.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

from app.models import Job
from bench import processes, results, web_report
from bench.measuring import measure, nobody
from bench.orders import KINDS
from bench.stack import Stack
from bench.watchers import Audience, watching
from bench.web_report import Watch
from deploy.credentials import ADMIN
from tests.e2e.http import Console
from tests.fixtures.databases import cluster_of_our_own, postgres_programs
from tests.fixtures.stack import Person

PROBES = 20  # programs that ask for the status while pages ask for the fragment


def main() -> None:
    chosen = _parser().parse_args()
    if chosen.write:
        results.refuse_too_fast(chosen.speed)
    for name in chosen.databases.split(","):
        with DATABASES[name]() as urls:
            watches = [
                look_on(*what, chosen.tickets, chosen.speed, next(urls))
                for what in audiences(chosen.pages)
            ]
        text = web_report.report(name, chosen.pages, watches)
        print(text, flush=True)
        if chosen.write:
            results.keep(text)


def audiences(pages: int) -> list[tuple[str, dict[str, int]]]:
    """Who watches in each run: how many ask for which of the job's addresses."""
    return [
        ("nobody", {}),
        (f"{pages} programs", {"status": pages}),
        (f"{pages} browsers", {"progress": pages, "status": PROBES}),
    ]


def look_on(words: str, asked: dict[str, int], tickets: int, speed: float, url: str) -> Watch:
    watch = Watch(words)
    meanwhile = partial(watched, watch, asked) if asked else nobody
    watch.run = measure(KINDS["tags"], tickets, speed, url, meanwhile)
    print(f"{words}: {watch.line}", flush=True)
    return watch


@contextmanager
def watched(watch: Watch, asked: dict[str, int], stack: Stack, job: Job) -> Iterator[None]:
    cookie = _cookie(stack)
    here = [Audience(f"/jobs/{job.job_id}/{name}", pages) for name, pages in asked.items()]
    with watching(stack.url, cookie, here) as seen:
        begun, web = time.monotonic(), processes.seconds(stack.pids[0])
        yield
        watch.web = (processes.seconds(stack.pids[0]) - web) / (time.monotonic() - begun)
    watch.cpu = seen.cpu
    watch.told = {path.rpartition("/")[2]: told for path, told in seen.told.items()}


def _cookie(stack: Stack) -> str:
    """Of somebody who signed in. All pages share it: what a session costs is the same for each."""
    console: Any = Console(stack, Person(ADMIN, stack.password))
    return "; ".join(f"{one.name}={one.value}" for one in console.http.cookies)


@contextmanager
def _sqlite() -> Iterator[Iterator[str]]:
    yield iter(lambda: "", None)  # each run makes its own file


@contextmanager
def _postgresql() -> Iterator[Iterator[str]]:
    programs = postgres_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed.")
    with cluster_of_our_own(programs) as cluster:
        yield (_new_database(cluster, f"bench_{number}") for number in count())


def _new_database(cluster: Any, name: str) -> str:
    cluster.sql(f"CREATE DATABASE {name}")
    return cluster.url(name)


DATABASES = {"sqlite": _sqlite, "postgresql": _postgresql}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument(
        "--speed", type=float, default=5.0, help="of the sandbox; 5 at most to keep"
    )
    parser.add_argument("--write", action="store_true", help="keep the figures, in RESULTS.md")
    return parser


if __name__ == "__main__":
    main()
