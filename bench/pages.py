"""How quickly the console's pages answer when it has been used for long.

    python -m bench.pages --large 100 --tickets 10000 --small 100000 --write

A hundred jobs of 10,000 tickets (the last of 50,000), and 100,000 small ones; one person asks for one page after the
other, over HTTP. The database is SQLite.
"""

import argparse
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import Job, JobTicket
from bench import history, processes, results, servers
from bench.stack import Stack, giga
from bench.table import Goal, head, lines, rows
from deploy.credentials import ADMIN
from tests.e2e.http import Console
from tests.fixtures.stack import Person

TIMES = 40
MOST_MS = 100.0


@dataclass
class Answer:
    """How long one page took, in ms, and how much it was."""

    words: str
    times: list[float] = field(default_factory=list)
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
            f"{self.size / 1000:,.0f}",
        ]


def main() -> None:
    chosen = _parser().parse_args()
    with servers.sandbox(5.0, 100) as sandbox, giga(sandbox, 5.0) as stack:
        with stack.app.app_context():
            started = time.monotonic()
            history.write(stack, large=chosen.large, tickets=chosen.tickets, small=chosen.small)
            print(f"history written in {time.monotonic() - started:.0f} s", flush=True)
            pages = _pages()
        console: Any = Console(stack, Person(ADMIN, stack.password))
        answers = [ask(console, words, path) for words, path in pages.items()]
        export = Export.of(stack, console, pages["a job of 50,000"])
    text = report(chosen, answers, export)
    print(text)
    if chosen.write:
        results.keep(text)


def _pages() -> dict[str, str]:
    """Addresses by what they show."""
    db.session.rollback()  # what it read before the history was written
    largest = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
    assert largest is not None
    one = db.session.scalar(select(JobTicket.ticket_id).where(JobTicket.job_id == largest.id))
    deep = db.session.scalars(select(Job).order_by(Job.id).offset(50)).first()
    assert deep is not None
    job = f"/jobs/{largest.job_id}"
    db.session.rollback()
    return {
        "the first page": "/",
        "the jobs": "/jobs",
        "the jobs, the oldest first": "/jobs?sort=oldest",
        "the jobs, the largest first": "/jobs?sort=largest",
        "the jobs that were cancelled": "/jobs?status=cancelled",
        "the jobs with two words": "/jobs?text=refund+unsolved",
        "the jobs with a word that none has": "/jobs?text=wombat",
        "the jobs of a day": f"/jobs?since={deep.created_at:%Y-%m-%d}&until={deep.created_at:%Y-%m-%d}",
        "a job of 50,000": job,
        "its progress": f"{job}/progress",
        "its tickets that failed": f"{job}?outcome=failed",
        "its tickets that were refused": f"{job}?reason=refused",
        "its tickets, far down": f"{job}?after=45000",
        "one of its tickets": f"{job}?ticket={one}",
        "its status": f"{job}/status",
        "what was done to a ticket": f"/jobs/tickets?ticket={one}",
        "the tag manager's form": "/tools/tag-manager",
    }


def ask(console: Any, words: str, path: str) -> Answer:
    answer = Answer(words)
    for _ in range(TIMES):
        start = time.perf_counter()
        answer.size = len(console.get(path).content)
        answer.times.append(1000 * (time.perf_counter() - start))
    return answer


@dataclass(frozen=True)
class Export:
    """An export of the largest ledger: when its first byte came and its last (seconds), and the web app's memory."""

    first: float
    last: float
    rows: int
    grown: int  # kB

    @classmethod
    def of(cls, stack: Stack, console: Any, path: str) -> "Export":
        memory = processes.Watch(stack.pids[:1])
        memory.look()
        before, ends, first = memory.largest, 0, 0.0
        start = time.perf_counter()
        with console.http.get(f"{stack.url}{path}/export.csv", stream=True) as answer:
            for piece in answer.iter_content(65_536):
                first = first or time.perf_counter() - start
                ends += piece.count(b"\n")
        last = time.perf_counter() - start
        memory.look()
        return cls(first, last, ends - 1, memory.largest - before)


def report(chosen: argparse.Namespace, answers: list[Answer], export: Export) -> str:
    slowest = max(answers, key=lambda answer: answer.median)
    words = f"each page at the median, in ms (the slowest: {slowest.words})"
    return lines(
        [
            "## The console's pages after long use",
            "",
            f"{results.today()}; `make bench-pages`.",
            f"{chosen.large} jobs of {chosen.tickets:,} tickets, the last of {5 * chosen.tickets:,}, and"
            f" {chosen.small:,} small ones, on SQLite. Each address is asked for {TIMES} times, one after the other,"
            " over HTTP. Times in ms, sizes in kB before compression.",
            "",
            head("page median slowest kB"),
            rows(answer.cells for answer in answers),
            "",
            f"An export of {export.rows:,} rows as CSV: its first byte after {1000 * export.first:.0f} ms, its last"
            f" after {export.last:.1f} s; the web app's memory grew by {export.grown / 1000:.1f} MB.",
            "",
            Goal(words, MOST_MS, slowest.median, "{:.1f}").line,
            Goal("an export's first byte, in ms", 1000, 1000 * export.first, "{:.0f}").line,
        ]
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", type=int, default=100)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument("--write", action="store_true", help="keep the figures, in RESULTS.md")
    return parser


if __name__ == "__main__":
    main()
