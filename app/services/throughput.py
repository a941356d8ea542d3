"""How fast a job went, and where its time went: for a chart, and in words."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.database import now
from app.extensions import db
from app.models import Job, JobPace, JobWait
from app.services import timeline
from app.services.engine.history import span
from app.services.waits import WaitReason

SHORTEST_SECONDS = 1.0  # what was shorter is not worth a line
TELLING_SECONDS = 60.0
WAITED, PAUSED = "waited", "paused"
KNOWN = frozenset(WaitReason)  # another version of ours may have noted others


@dataclass(frozen=True)
class Band:
    """A time in which nothing was written. `words`: “for Zendesk's minute limit”, “paused by …”."""

    kind: str
    words: str
    began: datetime
    ended: datetime

    @property
    def seconds(self) -> float:
        return (self.ended - self.began).total_seconds()


@dataclass(frozen=True)
class Sum:
    """All the times of one kind together."""

    kind: str
    words: str
    times: int
    seconds: float


@dataclass(frozen=True)
class Throughput:
    """`rates`: at each moment (seconds since 1970), tickets a minute from then to the next."""

    rates: list[tuple[float, float]]
    bands: list[Band]
    ended_at: float  # or as long as it has gone on, as `rates` has its moments
    elapsed_seconds: float
    running_seconds: float

    @property
    def sums(self) -> list[Sum]:
        """Where the time went that nothing was written in, longest first."""
        alike: dict[tuple[str, str], list[Band]] = defaultdict(list)
        for band in self.bands:
            alike[band.kind, band.words].append(band)
        sums = [
            Sum(kind, words, len(bands), sum(band.seconds for band in bands))
            for (kind, words), bands in alike.items()
        ]
        told = [one for one in sums if one.seconds >= SHORTEST_SECONDS]
        return sorted(told, key=lambda one: -one.seconds)

    @property
    def writing_seconds(self) -> float:
        """A wait for others' bulk changes is a part of a slice, and so of the time that the job ran."""
        return max(0.0, min(self.running_seconds, self.elapsed_seconds - self._covered))

    @property
    def untold_seconds(self) -> float:
        """When nobody was at the job, and nobody noted why: a worker had died, perhaps."""
        return max(0.0, self.elapsed_seconds - self._covered - self.writing_seconds)

    @property
    def _covered(self) -> float:
        """Seconds of the bands, those counted once that two have in common."""
        total, until = 0.0, None
        for band in self.bands:  # by their begin
            began = max(band.began, until) if until else band.began
            total += max(0.0, (band.ended - began).total_seconds())
            until = max(until, band.ended) if until else band.ended
        return total

    @property
    def fastest(self) -> float | None:
        """Of its spans; None for a job too short to tell."""
        if self.elapsed_seconds < TELLING_SECONDS:
            return None
        return max((rate for _, rate in self.rates), default=None)

    @property
    def chart(self) -> dict[str, Any]:
        """Lists of equal length, as charts want them, and the bands behind them. The last moment is the end."""
        points = [*self.rates, (self.ended_at, self.rates[-1][1])] if self.rates else []
        return {
            "at": [at for at, _ in points],
            "rate": [round(rate, 1) for _, rate in points],
            "bands": [
                {
                    "kind": band.kind,
                    "words": band.words,
                    "from": band.began.timestamp(),
                    "to": band.ended.timestamp(),
                }
                for band in self.bands
            ],
        }


def of(job: Job) -> Throughput | None:
    """None for a job that has not begun to write."""
    if job.started_at is None:
        return None
    end = job.completed_at or now()
    bands = sorted(_bands(job, job.started_at, end), key=lambda band: band.began)
    rates = list(_rates(job, job.started_at, end))
    return Throughput(rates, bands, end.timestamp(), job.elapsed_seconds, job.running_seconds)


def _bands(job: Job, start: datetime, end: datetime) -> Iterator[Band]:
    """The waits and pauses, as far as they lie within the time of the writing."""
    columns = (JobWait.reason, JobWait.began_at, JobWait.ended_at)
    waits = select(*columns).where(JobWait.job_id == job.id).order_by(JobWait.number)
    told = [
        (WAITED, f"for {_for_what(reason)}", began, ended)
        for reason, began, ended in db.session.execute(waits)
    ]
    told += [(PAUSED, words, began, ended) for began, ended, words in timeline.pauses(job)]
    for kind, words, began, ended in told:
        began, ended = max(began, start), min(ended or end, end)
        if began < ended:
            yield Band(kind, words, began, ended)


def _for_what(reason: str) -> str:
    return WaitReason(reason).for_what if reason in KNOWN else "something else"


def _rates(job: Job, start: datetime, end: datetime) -> Iterator[tuple[float, float]]:
    rows = select(JobPace.since, JobPace.settled).where(JobPace.job_id == job.id)
    settled = {row.since: row.settled for row in db.session.execute(rows)}
    elapsed = (end - start).total_seconds()
    since = 0
    while since < elapsed or since in settled:
        length = span(since)
        passed = min(length, max(1.0, elapsed - since))  # the last span is not over
        at = (start + timedelta(seconds=since)).timestamp()
        yield at, settled.get(since, 0) * 60 / passed
        since += length
