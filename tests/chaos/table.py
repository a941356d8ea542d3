"""The table of faults and outcomes, `bench/CHAOS.md`."""

from collections import defaultdict
from pathlib import Path
from statistics import median

from bench.results import today
from tests.chaos.rounds import TICKETS

PATH = Path(__file__).parents[2] / "bench" / "CHAOS.md"
COLUMNS = (
    *("rounds", "deliveries", "effective events"),
    *("doubled", "lost", "misreported", "unknown"),
    *("seconds, median", "longest"),
)
NOTE = """A round is a job of {tickets:,} tickets on real processes (Valkey, two workers, beat, web, the sandbox), with
one to three faults that its seed chooses. Where it had several, it stands in the line of each. A *delivery* is an
update that reached a ticket in the sandbox; an *effective event* is one that changed it. *Doubled*, *lost* and
*misreported* are tickets: changed twice, without a result, or with another result than the truth. *Unknown* is a
result that the ledger may give only where Zendesk forgot its job, or held it for longer than we wait. The seconds are
those from the job's start to its end; a dead worker's lease is 12 of them. Only rounds count in which each fault struck
while tickets were in flight; {void} did not, after four more seeds. A worker that is frozen in the microseconds between
its last look at the clock and its call still sends when it wakes; compare-and-set then meets what others did meanwhile.
"""


def write(results):
    counted = [result for result in results if result.counts or result.complaints]
    by_fault, by_place = defaultdict(list), defaultdict(list)
    for result in counted:
        by_place[f"{result.kind}, {result.database}"].append(result)
        for fault in result.faults:
            by_fault[fault].append(result)
    wrong = [result for result in counted if result.complaints]
    parts = [
        "# Chaos\n",
        f"`make chaos`, {today()}.\n",
        NOTE.format(tickets=TICKETS, void=len(results) - len(counted)),
        _head("fault") + _lines(by_fault) + _line("**each round once**", counted),
        _head("kind and database") + _lines(by_place),
        "Complaints: none." if not wrong else "Complaints:\n",
        "\n".join(f"- {result}" for result in wrong),
    ]
    PATH.write_text("\n".join(parts).rstrip() + "\n")


def _head(what):
    return f"| {what} | {' | '.join(COLUMNS)} |\n|---{'|--:' * len(COLUMNS)}|\n"


def _lines(groups):
    return "".join(_line(name, groups[name]) for name in sorted(groups))


def _line(name, results):
    if not results:
        return ""
    found = [result.comparison for result in results]
    seconds = [result.seconds for result in results]
    numbers = [
        f"{len(results):,}",
        f"{sum(one.deliveries for one in found):,}",
        f"{sum(one.effects for one in found):,}",
        *(f"{sum(len(getattr(one, what)) for one in found):,}" for what in _TICKETS),
        f"{median(seconds):.1f}",
        f"{max(seconds):.1f}",
    ]
    return f"| {name} | {' | '.join(numbers)} |\n"


_TICKETS = ("doubled", "lost", "misreported", "unknown")
