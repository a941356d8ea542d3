"""The tables of `bench.jobs`, and whether its goals are met."""

from collections.abc import Iterable

from bench.processes import MEGABYTE
from bench.runs import Run, Runs
from bench.script import Script
from bench.table import Goal, duration, head, lines, rows

MOST_OF_FLOOR = 1.15
MOST_CPU = 0.3  # ms a ticket
MOST_GROWTH = 1.2
A_HANDFUL = 10  # calls
UPDATES = "PUT /api/v2/tickets/update_many"
POLLS = "GET /api/v2/job_statuses/show_many"
LARGE, HUGE = 50_000, 500_000
TIMES = "job tickets speed wall planning writing together floor ×_floor zenpy_script one_ticket_a_second"
COSTS = (
    "job tickets calls of_the_planning updates polls 429s our_CPU ms_a_ticket CPU_idle memory "
    "largest_process sandbox's_CPU broker's_CPU"
)
NAMES = {"tags": "add a tag", "macro": "macro with placeholders"}


def goals(runs: Runs) -> list[Goal]:
    large, huge = runs.get("tags", LARGE), runs.get("tags", HUGE)
    macros = runs.of("macro")
    return [
        Goal(
            f"{LARGE:,} tag changes take at most {MOST_OF_FLOOR} × their floor",
            MOST_OF_FLOOR,
            large and large.of_floor,
            "{:.3f} ×",
        ),
        Goal(
            f"a macro with placeholders takes at most {MOST_OF_FLOOR} × its floor",
            MOST_OF_FLOOR,
            macros[-1].of_floor if macros else None,
            "{:.3f} ×",
        ),
        Goal("no 429 is provoked", 0, _worst(run.refused for run in [*runs.of("tags"), *macros])),
        Goal(
            f"at most {MOST_CPU} ms of our CPU a ticket, from {LARGE:,} tickets on",
            MOST_CPU,
            _worst(run.cpu_a_ticket for run in (large, huge) if run),
            "{:.3f} ms",
        ),
        Goal(
            f"memory for {HUGE:,} tickets is at most {MOST_GROWTH} × that for {LARGE:,}, of all together and of "
            "the largest process",
            MOST_GROWTH,
            _growth(large, huge),
            "{:.2f} ×",
        ),
        Goal(
            f"planning {LARGE:,} tickets takes the calls that reading them takes, and {A_HANDFUL} more at most",
            A_HANDFUL,
            large and large.planning_calls - large.floor.pages,
        ),
    ]


def _worst(figures: Iterable[float]) -> float | None:
    return max(figures, default=None)


def _growth(large: Run | None, huge: Run | None) -> float | None:
    if large is None or huge is None:
        return None
    return max(huge.peak / large.peak, huge.largest / large.largest)


def line(run: Run) -> str:
    """One run in one line, as it ends."""
    return (
        f"{NAMES[run.kind]}, {run.tickets:,} tickets at speed {run.speed:g}: planning {run.planning:.1f} s, writing "
        f"{run.writing:.1f} s, {run.of_floor:.2f} × floor; {run.requests:,} calls, {run.refused} refused; "
        f"{run.cpu:.1f} s of CPU, {run.cpu_a_ticket:.2f} ms a ticket; {run.peak // MEGABYTE} MB"
    )


def report(runs: Runs) -> str:
    everything = [*runs.of("tags"), *runs.of("macro")]
    terms = "; ".join(dict.fromkeys(run.terms.words for run in everything))
    return f"""## Jobs

`make bench-jobs`. Real processes against the sandbox with the limits of Zendesk's Enterprise plan: {terms}.
“Speed” is that of the sandbox's clock: its minute lasts 60 s ÷ speed, and so does ours. Times are Zendesk's, which is
the wall time × speed, so that our own work counts so many times over; only the column “wall” is not.

{head(TIMES)}
{rows(_times(run, runs) for run in everything)}

The floor is the least that the limits allow, whoever does it: pages ÷ permitted rate for the planning, then the larger
of (updates + one poll for each round of Zendesk jobs, and one read a ticket where a comment has placeholders) ÷
permitted rate and Zendesk's own job time ÷ jobs in flight:

{lines(f"- {NAMES[run.kind]}, {run.floor.formula}" for run in everything)}

{_about_script(runs)} One ticket a second is arithmetic.

{head(COSTS)}
{rows(_costs(run) for run in everything)}

CPU and memory are those of web app, worker and beat with all their children, also those that ended; memory is the peak
of all together (PSS), and of the largest of them (RSS). “CPU idle” is what they take in a second with nothing to do,
which is part of “our CPU”. The sandbox's CPU and the broker's are their shares of one core.

{lines(goal.line for goal in goals(runs))}

{lines(f"- {NAMES[run.kind]}, {run.tickets:,}: {run.day}" for run in everything)}
"""


def _times(run: Run, runs: Runs) -> list[str]:
    script = runs.script if run.kind == "tags" else None
    return [
        *(NAMES[run.kind], f"{run.tickets:,}", f"{run.speed:g}", f"{run.wall:.1f} s"),
        *(duration(run.planning * run.speed), duration(run.writing * run.speed)),
        *(duration(run.zendesk_seconds), duration(run.floor.seconds), f"{run.of_floor:.2f}"),
        _by_script(script, run.tickets) if script else "",
        duration(run.tickets),
    ]


def _by_script(script: Script, tickets: int) -> str:
    words = duration(script.zendesk_seconds(tickets))
    return words if script.tickets == tickets else f"({words})"


def _about_script(runs: Runs) -> str:
    script = runs.script
    if script is None:
        return "The script was not measured."
    return (
        f"The script (zenpy, 100 tickets at a time, each Zendesk job awaited before the next) was measured on "
        f"{script.tickets:,} tickets at speed {script.speed:g}: {duration(script.zendesk_seconds(script.tickets))}, "
        f"{script.calls:,} calls, {script.refused} refused with 429; {script.day}. Figures in brackets carry that "
        "rate on."
    )


def _costs(run: Run) -> list[str]:
    return [
        *(NAMES[run.kind], f"{run.tickets:,}", f"{run.requests:,}", f"{run.planning_calls:,}"),
        f"{run.calls.get(UPDATES, 0):,}",
        f"{run.calls.get(POLLS, 0):,}",
        *(f"{run.refused}", f"{run.cpu:.1f} s", f"{run.cpu_a_ticket:.2f}"),
        f"{run.idle * 1000:.0f} ms",
        f"{run.peak / MEGABYTE:.0f} MB",
        f"{run.largest / MEGABYTE:.0f} MB",
        f"{run.sandbox / run.wall:.0%}",
        f"{run.broker / run.wall:.0%}",
    ]
