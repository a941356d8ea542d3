"""What is counted, for monitoring: the names, meanings and labels of everything at `/metrics`.

Several processes count, so each keeps its numbers in a file of PROMETHEUS_MULTIPROC_DIR, and whoever is asked adds them
up. Whoever starts the processes empties that folder first. Without it each process tells of itself alone.

No label has more values than the code has words for: no numbers of tickets, jobs or people, and no paths. What stands
at the moment (jobs by state, the budget) is no count: it is looked up when it is asked for, so a process that ends
leaves nothing that must be forgotten.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from billiard import current_process
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)
LONG = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 60.0, 120.0)


def process_name() -> str:
    """Of the file in which this process counts.

    A worker's child has one by its place in the pool, and goes on in that of the child before it: children come and go
    for as long as the worker runs.
    """
    place = getattr(current_process(), "index", None)
    return str(os.getpid()) if place is None else f"{os.getppid()}-{place}"


if FOLDER:
    Path(FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    values.ValueClass = values.MultiProcessValue(process_name)

_OURS = CollectorRegistry()


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(name, meaning, labels, registry=_OURS)


REQUESTS = _counter("giga_http_requests_total", "Requests answered.", "method", "route", "status")
REQUEST_SECONDS = Histogram(
    "giga_http_request_duration_seconds",
    "Time until a request was answered.",
    ("method", "route"),
    registry=_OURS,
    buckets=SHORT,
)
TICKETS = _counter(
    "giga_tickets_total", "Tickets of jobs that got this result, in plans and in runs.", "outcome"
)
SLICE_SECONDS = Histogram(
    "giga_slice_duration_seconds",
    "Time that one slice of a job took.",
    ("tool",),
    registry=_OURS,
    buckets=LONG,
)
TAKE_OVERS = _counter(
    "giga_lease_takeovers_total", "Jobs taken from a worker that did not give them back.", "tool"
)
JOB_WAITS = _counter(
    "giga_job_wait_seconds_total", "Seconds for which jobs were left alone, by reason.", "reason"
)
CALLS = _counter(
    "giga_zendesk_calls_total",
    "Calls to Zendesk, by what was answered: 2xx, 4xx, 429, 503 and so on; lost where nothing was.",
    "endpoint",
    "status",
)
TURN_WAITS = _counter(
    "giga_zendesk_turn_wait_seconds_total",
    "Seconds for which calls waited within a slice or a page for the rate budget, by reason.",
    "reason",
)


@dataclass(frozen=True)
class Standing:
    """Something that is looked up when it is asked for."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()

    def told(self, numbers: Mapping[tuple[str, ...], float]) -> GaugeMetricFamily:
        """The numbers, by the values of the labels."""
        family = GaugeMetricFamily(self.name, self.meaning, labels=self.labels)
        for label_values, number in numbers.items():
            family.add_metric(label_values, number)
        return family


UP = Standing("giga_up", "Whether a part could be asked for what stands below.", ("part",))
JOBS = Standing("giga_jobs", "Jobs by state.", ("state",))
OLDEST_DUE = Standing(
    "giga_queue_oldest_due_seconds",
    "How long the job that is due for longest has waited for a worker; 0 if none is due.",
)
DUE = Standing("giga_jobs_due", "Jobs that have something to do, and nobody at them.")
QUEUED = Standing("giga_queue_messages", "Messages that no worker has taken yet.", ("queue",))
LIMIT = Standing(
    "giga_zendesk_limit_calls", "Calls that Zendesk permits in one of its minutes.", ("limit",)
)
USED = Standing(
    "giga_zendesk_used_calls",
    "Calls in the last minute, ours and those of others.",
    ("limit", "by"),
)
HELD = Standing(
    "giga_zendesk_held_seconds", "For how long no call goes there, as Zendesk asked.", ("limit",)
)
WAITING = Standing(
    "giga_zendesk_waiting", "Jobs and pages that wait for the rate budget, by reason.", ("reason",)
)
PLACES = Standing(
    "giga_zendesk_places", "Places for bulk changes with Zendesk, taken and all.", ("which",)
)


def page(standing: Iterable[GaugeMetricFamily]) -> bytes:
    """Everything, as Prometheus reads it: what all processes have counted, and what stands."""
    counted = _OURS
    if FOLDER:
        counted = CollectorRegistry()
        MultiProcessCollector(counted, FOLDER)
    return generate_latest(counted) + generate_latest(_Told(list(standing)))


class _Told(CollectorRegistry):
    """What was looked up just now, in place of what collectors would say."""

    def __init__(self, families: list[GaugeMetricFamily]):
        super().__init__()
        self._families = families

    def collect(self) -> Iterator[GaugeMetricFamily]:
        return iter(self._families)
