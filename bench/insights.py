"""How well tickets are gathered into issues, how steady that is from night to night, and what it costs.

    python -m bench.insights [--tickets N] [--half test|tuning] [--large N] [--keep]

Tickets are the sandbox's, in its own words and in those of `wordings`, which nothing was tuned on. The real stage runs
on an SQLite file. With --keep, INSIGHTS.md has the figures.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import insert, select

from app import create_app
from app.config import Config
from app.extensions import db
from app.models import IssueTicket, MirroredTicket
from app.services.insights import issues
from app.services.insights.clustering import words
from app.services.insights.clustering.space import Space
from bench import measures, results, table
from bench.labelled import Labelled, tickets
from bench.measures import Score
from bench.wordings import half

CHECKOUT = Path(__file__).parents[1]
INSIGHTS = Path(__file__).with_name("INSIGHTS.md")
NIGHTS = 5
FIRST_NIGHT = 0.6  # of all tickets; the other nights share the rest
SLICE_SECONDS = 20.0


class OwnRun:
    """A run that nobody takes away."""

    options: dict[str, int] = {}

    def check(self) -> None:
        pass


@dataclass(frozen=True)
class Night:
    """After one more night: how many tickets there are, how many kept their issue, and how well they are placed."""

    tickets: int
    kept: float  # of those that had an issue the night before
    score: Score
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--half", choices=("test", "tuning"), default="test")
    parser.add_argument("--large", type=int, default=0, help="measure time and memory alone")
    parser.add_argument("--keep", action="store_true")
    chosen = parser.parse_args()
    if chosen.large:
        print(_cost(chosen.large))
        return
    parts = [_head(chosen), _quality(chosen), _nights(chosen), _costs(chosen.tickets)]
    print(text := "\n\n".join(parts))
    if chosen.keep:
        results.keep(text, INSIGHTS)


def _head(chosen: argparse.Namespace) -> str:
    return (
        f"## Issues\n\n{results.today()}; `python -m bench.insights --keep`. {chosen.tickets:,} tickets,\n"
        f"sensitivity 5. “Other words” are those of `bench/wordings.py`, its {chosen.half} half."
    )


def _quality(chosen: argparse.Namespace) -> str:
    rows, notes = [], []
    for name, wordings in _sets(chosen.half):
        found = list(tickets(chosen.tickets, wordings))
        truth = [one.truth for one in found]
        k, plain = measures.best_k_means(
            measures.plain_vectors([f"{one.subject}\n{one.description}" for one in found]), truth
        )
        ours = _one_night(found)
        own_k, own = measures.best_k_means(_own_vectors(found), truth)
        without = _without_meanings(lambda found=found: _one_night(found))
        rows += [
            [f"{name}: issues", *ours.cells, f"{ours.alone}"],
            [
                f"{name}: issues, without words that mean the same",
                *without.cells,
                f"{without.alone}",
            ],
            [f"{name}: k-means on TF-IDF, best k = {k}", *plain.cells, ""],
            [f"{name}: k-means on our vectors, best k = {own_k}", *own.cells, ""],
        ]
        for baseline, theirs in (("TF-IDF", plain), ("our own vectors", own)):
            above = ours.ari - theirs.ari
            verdict = _verdict(above >= 0.15)
            notes.append(
                f"- {name}: ARI above k-means on {baseline} at its best k: {above:+.3f}, goal 0.15 {verdict}"
            )
        notes.append(f"- {name}: V-measure {ours.v:.3f}, goal 0.7 {_verdict(ours.v >= 0.7)}")
    head = table.head("tickets_in ARI V-measure purity issues alone")
    return f"{head}\n{table.rows(rows)}\n\n{_EXPLAINED}\n\n{table.lines(notes)}"


_EXPLAINED = """\
A ticket in no issue counts as an issue of its own. The best k of k-means was chosen with the truth in hand, which
nobody has in practice. Tags are not looked at. TF-IDF is scikit-learn's as it comes, with English stop words; “our
vectors” are those that issues are made from, words that mean the same included, so that these k-means profit from all
that comes before the gathering. The other words and the list of words that mean the same were written by the same
people: how much the list is worth to a desk of another trade lies between the rows with it and without it.
20 Newsgroups was not measured: scikit-learn has only a downloader for it."""


def _nights(chosen: argparse.Namespace) -> str:
    rows, kept = [], []
    for name, wordings in _sets(chosen.half):
        for number, night in enumerate(nights(list(tickets(chosen.tickets, wordings))), 1):
            kept += [night.kept] * (number > 1)
            share = "" if number == 1 else f"{night.kept:.1%}"
            cells = [*night.score.cells, f"{night.score.alone}", f"{night.seconds:.1f} s"]
            rows.append([f"{name}, night {number}", f"{night.tickets:,}", share, *cells])
    head = table.head("night tickets keep_their_issue ARI V-measure purity issues alone took")
    goal = f"- least that keep their issue overnight: {min(kept):.1%}, goal 95 % {_verdict(min(kept) >= 0.95)}"
    return f"{head}\n{table.rows(rows)}\n\n{goal}"


def nights(found: Sequence[Labelled]) -> Iterator[Night]:
    """The oldest tickets in the first night, and equal parts of the rest in each of the others."""
    with desk():
        first = round(len(found) * FIRST_NIGHT)
        bounds = [0, *(first + (len(found) - first) * n // NIGHTS for n in range(NIGHTS + 1))]
        before: dict[int, int] = {}
        for begin, end in pairwise(bounds):
            store(found[begin:end])
            seconds = run()
            after = placed()
            had = [one for one in before if before[one] == after.get(one)]
            labels = [after.get(one.ticket_id, measures.NOTHING) for one in found[:end]]
            truth = [one.truth for one in found[:end]]
            kept = len(had) / max(1, len(before))
            yield Night(end, kept, measures.score(truth, labels), seconds)
            before = after


def _one_night(found: Sequence[Labelled]) -> Score:
    with desk():
        store(found)
        run()
        after = placed()
    labels = [after.get(one.ticket_id, measures.NOTHING) for one in found]
    return measures.score([one.truth for one in found], labels)


def _own_vectors(found: Sequence[Labelled]):
    said = [words.words_of(one.subject, one.description) for one in found]
    return Space(said).place(said)


def _without_meanings(done: Callable[[], Score]) -> Score:
    """The same as if no word were known to mean the same as another."""
    kept = words.meaning
    words.meaning = lambda _word: None
    words.parts.cache_clear()
    try:
        return done()
    finally:
        words.meaning = kept
        words.parts.cache_clear()


@contextmanager
def desk() -> Iterator[None]:
    """An empty database, migrated."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/bench.db"))
        with app.app_context():
            upgrade(directory=str(CHECKOUT / "migrations"))
            yield
            db.session.remove()
            db.engine.dispose()


def store(found: Sequence[Labelled]) -> None:
    same = {
        "status": "open",
        "tags": [],
        "priority": "",
        "kind": "",
        "via_channel": "web",
        "generated_timestamp": 1,
        "deleted": False,
    }
    rows = [
        same
        | {"id": one.ticket_id, "subject": one.subject, "description": one.description}
        | {"created_at": one.created_at, "updated_at": one.created_at}
        | {"requester_id": one.requester_id, "organization_id": one.organization_id}
        for one in found
    ]
    for first in range(0, len(rows), 2_000):
        db.session.execute(insert(MirroredTicket), rows[first : first + 2_000])
    db.session.commit()


def run() -> float:
    """Seconds for the stage, in slices as the pipeline gives them."""
    begun = time.monotonic()
    while not issues.cluster(OwnRun(), time.monotonic() + SLICE_SECONDS).is_over:
        pass
    return time.monotonic() - begun


_PLACES = select(IssueTicket.ticket_id, IssueTicket.issue_id)


def placed() -> dict[int, int]:
    rows = [(one, issue) for one, issue in db.session.execute(_PLACES)]
    db.session.rollback()
    return dict(rows)


def _costs(count: int) -> str:
    """Each in a process of its own, since memory that was used once stays."""
    rows = []
    for number in (count, 10 * count):
        command = [sys.executable, "-m", "bench.insights", "--large", str(number)]
        said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=CHECKOUT)
        rows.append(said.stdout.splitlines()[-1].split("|"))
    head = table.head("tickets first_night the_night_after_with_1_%_more peak_memory")
    return f"{head}\n{table.rows(rows)}"


def _cost(count: int) -> str:
    with desk():
        found = tickets(count + count // 100, half("test"))
        waiting: list[Labelled] = []
        stored = 0
        for one in found:
            waiting.append(one)
            if len(waiting) == 2_000 or stored + len(waiting) == count:
                store(waiting)
                stored, waiting = stored + len(waiting), []
            if stored == count:
                break
        first = run()
        store(list(found))
        second = run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{count:,}|{first:.1f} s|{second:.1f} s|{peak:,} MB"


def _sets(name: str):
    return (("the sandbox's words", ()), ("other words", half(name)))


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "**not met**"


if __name__ == "__main__":
    main()
