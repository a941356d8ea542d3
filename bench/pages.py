"""How quickly the console's pages answer when it has been used for long.

    python -m bench.pages --large 100 --tickets 10000 --small 100000 --exported 500000 --write

A hundred jobs of 10,000 tickets, the last of 50,000, beside some that are out of the ordinary, and 100,000 small ones;
one person asks for one page after the other, over HTTP. The preview of a macro is left out, since it asks Zendesk.
"""

import argparse
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import Job, JobTicket
from bench import history, processes, results, servers
from bench.history import Written
from bench.stack import Stack, giga
from bench.table import Goal, head, lines, rows
from bench.web import DATABASES
from deploy.credentials import ADMIN
from tests.e2e.http import Console
from tests.fixtures.stack import Person

TIMES = 40
MOST_MS = 100.0
MOST_GROWN_KB = 20 * processes.MEGABYTE
EXPORTS = ("csv", "ndjson")


@dataclass
class Answer:
    """How long one page took, in ms, and how much it was. `worked` is the web app's own time for one answer."""

    words: str
    times: list[float] = field(default_factory=list)
    worked: float = 0.0
    size: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def cells(self) -> list[str]:
        return [
            self.words,
            f"{self.median:.1f}",
            f"{max(self.times):.1f}",
            f"{self.worked:.1f}",
            f"{self.size / 1000:,.0f}",
        ]


def main() -> None:
    chosen = _parser().parse_args()
    with (
        DATABASES[chosen.database]() as urls,
        servers.sandbox(5.0, 100) as sandbox,
        giga(sandbox, 5.0, next(urls)) as stack,
    ):
        with stack.app.app_context():
            started = time.monotonic()
            sizes = {name: getattr(chosen, name) for name in ("large", "tickets", "small")}
            written = history.write(stack, **sizes, exported=chosen.exported)
            print(f"history written in {time.monotonic() - started:.0f} s", flush=True)
            pages = _pages(written)
        console: Any = Console(stack, Person(ADMIN, stack.password))
        pages["the list while one watches it"] = _watched(console.get("/jobs").text)
        web = stack.pids[0]
        answers = [
            ask(console, words, path, lambda: processes.seconds(web))
            for words, path in pages.items()
        ]
        path = f"/jobs/{written.exported}/export"
        exports = [Export.of(stack, console, f"{path}.{kind}") for kind in EXPORTS]
    text = report(chosen, answers, exports)
    print(text)
    if chosen.write:
        results.keep(text)


def _pages(written: Written) -> dict[str, str]:
    """Addresses by what they show."""
    db.session.rollback()  # what it read before the history was written
    job = f"/jobs/{written.largest}"
    return {
        "the first page": "/",
        "the first page while one watches it": "/now",
        **_lists(),
        "a job of 50,000": job,
        "its progress": f"{job}/progress",
        "its history": f"{job}/history",
        "its throughput": f"{job}/throughput",
        "its table alone": f"{job}/tickets",
        "its tickets that failed": f"{job}?outcome=failed",
        "its tickets that were refused": f"{job}?reason=refused",
        "its tickets of two outcomes": f"{job}?outcome=changed&outcome=failed",
        "its tickets, far down": f"{job}?after=45000",
        **_of_tickets(written.largest, job),
        "its status": f"{job}/status",
        "a job where all failed alike": f"/jobs/{written.alike}",
        "a job where each failed with words of its own": f"/jobs/{written.apart}",
        "a plan of 50,000": f"/jobs/{written.planned}",
        "the tag manager's form": "/tools/tag-manager",
    }


def _lists() -> dict[str, str]:
    deep = db.session.scalars(select(Job).order_by(Job.id).offset(50)).first()
    assert deep is not None
    day = f"{deep.created_at:%Y-%m-%d}"
    db.session.rollback()
    return {
        "the jobs": "/jobs",
        "the jobs, the oldest first": "/jobs?sort=oldest",
        "the jobs, the largest first": "/jobs?sort=tickets",
        "the jobs that were cancelled": "/jobs?status=cancelled",
        "the jobs of one tool": "/jobs?tool=tag-manager",
        "the jobs with a word that all have": "/jobs?text=unsolved",
        "the jobs with two words": "/jobs?text=refund+unsolved",
        "the jobs with a number that one has": "/jobs?text=4711",
        "the jobs with a word that none has": "/jobs?text=wombat",
        "the jobs with two words, the largest first": "/jobs?text=refund+unsolved&sort=tickets",
        "the jobs of a day": f"/jobs?from={day}&to={day}",
    }


def _of_tickets(job_id: str, job: str) -> dict[str, str]:
    """Pages about single tickets of the job."""
    tickets = select(JobTicket.ticket_id).join(Job).where(Job.job_id == job_id)
    one = db.session.scalar(tickets.limit(1))
    failed = db.session.scalar(tickets.where(JobTicket.outcome == "failed").limit(1))
    db.session.rollback()
    return {
        "one of its tickets": f"{job}?ticket={one}",
        "its tickets that failed as one did": f"{job}?outcome=failed&like={failed}",
        "what was done to a ticket": f"/jobs/tickets?ticket={one}",
    }


def _watched(page: str) -> str:
    """The address at which a list asks what has become of its jobs."""
    ids = dict.fromkeys(re.findall(r"/jobs/([0-9a-f-]{36})", page))
    return "/jobs/now?" + "&".join(f"job={one}" for one in ids)


def ask(console: Any, words: str, path: str, worked: Callable[[], float]) -> Answer:
    """Ask for the page again and again. `worked` tells for how many seconds the web app has worked so far."""
    answer = Answer(words)
    console.get(path)  # what is made but once is not what one waits for
    before = worked()
    for _ in range(TIMES):
        start = time.perf_counter()
        answer.size = len(console.get(path).content)
        answer.times.append(1000 * (time.perf_counter() - start))
    answer.worked = 1000 * (worked() - before) / TIMES
    return answer


@dataclass(frozen=True)
class Export:
    """An export of a large ledger: when its first byte came and its last (seconds), and the web app's memory."""

    kind: str
    first: float
    last: float
    rows: int
    grown: int  # kB

    @classmethod
    def of(cls, stack: Stack, console: Any, path: str) -> "Export":
        web = stack.pids[0]
        processes.forget_peaks(web)
        memory = processes.Watch((web,))
        memory.look()
        before, ends, first = memory.largest, 0, 0.0
        start = time.perf_counter()
        with console.http.get(f"{stack.url}{path}", stream=True) as answer:
            answer.raise_for_status()
            for piece in answer.iter_content(65_536):
                first = first or time.perf_counter() - start
                ends += piece.count(b"\n")
        last = time.perf_counter() - start
        memory.look()
        kind = path.rpartition(".")[2]
        heading = 1 if kind == "csv" else 0
        return cls(kind, first, last, ends - heading, memory.largest - before)

    @property
    def sentence(self) -> str:
        return (
            f"An export of {self.rows:,} rows as {self.kind.upper()}: its first byte after {1000 * self.first:.0f} ms,"
            f" its last after {self.last:.1f} s; the web app's memory grew by {self.grown / processes.MEGABYTE:.1f} MB."
        )


def report(chosen: argparse.Namespace, answers: list[Answer], exports: list[Export]) -> str:
    slowest = max(answers, key=lambda answer: answer.median)
    words = f"each page at the median, in ms (the slowest: {slowest.words})"
    database = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[chosen.database]
    return lines(
        [
            f"## The console's pages after long use, on {database}",
            "",
            f"{results.today()}; `make bench-pages`.",
            f"{chosen.large} jobs of {chosen.tickets:,} tickets, the last of {5 * chosen.tickets:,}, and"
            f" {chosen.small:,} small ones. Each address is asked for {TIMES} times, one after the other, over HTTP."
            " Times in ms, sizes in kB before compression; `work` is the web app's own time for one answer, which other"
            " programs of the machine hardly change.",
            "",
            head("page median slowest work kB"),
            rows(answer.cells for answer in answers),
            "",
            *(export.sentence for export in exports),
            "",
            Goal(words, MOST_MS, slowest.median, "{:.1f}").line,
            *(goal.line for goal in _goals(exports)),
        ]
    )


def _goals(exports: list[Export]) -> list[Goal]:
    first = max(1000 * export.first for export in exports)
    grown = max(export.grown for export in exports) / processes.MEGABYTE
    return [
        Goal("an export's first byte, in ms", 1000, first, "{:.0f}"),
        Goal(
            "what an export adds to memory, in MB",
            MOST_GROWN_KB / processes.MEGABYTE,
            grown,
            "{:.1f}",
        ),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", type=int, default=100)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument(
        "--exported", type=int, default=500_000, help="tickets of the job that is exported"
    )
    parser.add_argument("--database", choices=list(DATABASES), default="sqlite")
    parser.add_argument("--write", action="store_true", help="keep the figures, in RESULTS.md")
    return parser


if __name__ == "__main__":
    main()
