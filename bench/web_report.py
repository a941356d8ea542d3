"""The table of `bench.web`, and whether its goals are met."""

from dataclasses import dataclass, field

from bench import results
from bench.runs import Run
from bench.table import Goal, head, lines, rows
from bench.watchers import Told

MOST_MEDIAN, MOST_P99 = 20.0, 100.0  # ms
MOST_SLOWER = 0.05
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
COLUMNS = (
    "watched_by status_median p99 fragment_median p99 answers failed job_took slower our_CPU "
    "web_app's_CPU watchers'_CPU sandbox's_CPU"
)


@dataclass
class Watch:
    """One run of the job, and what those saw who watched it."""

    words: str
    run: Run | None = None
    told: dict[str, Told] = field(default_factory=dict)  # by what they asked for: status, progress
    cpu: float = 0.0  # the watchers' share of one core
    web: float = 0.0  # the web app's

    @property
    def wall(self) -> float:
        return self.run.wall if self.run else 0.0

    @property
    def answers(self) -> int:
        return sum(len(told.times) for told in self.told.values())

    @property
    def failed(self) -> int:
        """Answers other than 200, 304 and 286."""
        return sum(told.failed for told in self.told.values())

    @property
    def line(self) -> str:
        told = (
            f"{name} median {one.share(0.5):.1f} ms, p99 {one.share(0.99):.1f} ms"
            for name, one in self.told.items()
        )
        return "; ".join([*told, f"{self.failed} failed", f"the job took {self.wall:.1f} s"])


def goals(watches: list[Watch]) -> list[Goal]:
    alone, *others = watches
    told = [watch.told["status"] for watch in others]
    return [
        Goal(
            f"the status answers within {MOST_MEDIAN:g} ms at the median",
            MOST_MEDIAN,
            max((one.share(0.5) for one in told), default=None),
            "{:.1f} ms",
        ),
        Goal(
            f"and within {MOST_P99:g} ms for 99 of 100",
            MOST_P99,
            max((one.share(0.99) for one in told), default=None),
            "{:.1f} ms",
        ),
        Goal(
            f"the job is not slowed by more than {MOST_SLOWER:.0%}",
            MOST_SLOWER,
            max((slower(watch, alone) for watch in others), default=None),
            "{:+.1%}",
        ),
        Goal("no answer fails", 0, sum(watch.failed for watch in others)),
    ]


def slower(watch: Watch, alone: Watch) -> float:
    return watch.wall / alone.wall - 1


def report(database: str, pages: int, watches: list[Watch]) -> str:
    """The first of them is the run that nobody watched."""
    alone = watches[0]
    assert alone.run is not None
    return f"""## Watching pages, on {NAMES[database]}

{results.today()}; `make bench-web`.
A job adds a tag to {alone.run.tickets:,} tickets at speed {alone.run.speed:g}, each time with everything started anew.
The web app is gunicorn with one process of eight threads, as the README says. {pages} sessions ask every 2 s each, with
the ETag that they were given: programs for `/jobs/<id>/status`, browsers for the fragment `/jobs/<id>/progress`, as the
job's page does, and a few programs beside them for the status. They are one process with one event loop. Times are
those of whole answers, in ms. PostgreSQL runs without fsync.

{head(COLUMNS)}
{rows(_cells(watch, alone) for watch in watches)}

The CPU columns are shares of one core, but for “our CPU”: the seconds that web app, worker and beat took.

{lines(goal.line for goal in goals(watches))}
"""


def _cells(watch: Watch, alone: Watch) -> list[str]:
    assert watch.run is not None
    cells = [watch.words]
    for name in ("status", "progress"):
        told = watch.told.get(name)
        cells += [f"{told.share(0.5):.1f}", f"{told.share(0.99):.1f}"] if told else ["", ""]
    watched = bool(watch.told)
    return [
        *cells,
        f"{watch.answers:,}" if watched else "",
        f"{watch.failed}" if watched else "",
        f"{watch.wall:.1f} s",
        f"{slower(watch, alone):+.1%}" if watched else "",
        f"{watch.run.cpu:.1f} s",
        f"{watch.web:.0%}" if watched else "",
        f"{watch.cpu:.0%}" if watched else "",
        f"{watch.run.sandbox / watch.run.wall:.0%}",
    ]
