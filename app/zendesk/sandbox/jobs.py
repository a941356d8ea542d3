"""Zendesk's own background jobs: queued, working, and over, each ticket at its own moment."""

import json
import os
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from .changes import Refused
from .clock import SECOND, to_iso
from .desk import Conflict, Desk, Failed, Missing
from .settings import Settings
from .storage import Storage
from .truth import Origin

BULK, BATCH = "update_many", "batch"
_KEEP = "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RESULT = "INSERT INTO results VALUES (?, ?, ?, ?, ?)"
_COLUMNS = "number, id, created, started, finished, author_id, form, total, items"
_CONFLICT = "Safe Update prevented the update due to outdated ticket data."


@dataclass
class Job:
    """Its items are pairs of a ticket's id and its change. Only a live job holds them."""

    number: int
    id: str
    created: int
    started: int | None
    finished: int | None
    author_id: int
    form: str
    total: int
    items: list[tuple[int, dict[str, Any]]]
    done: int = 0
    failures: int = 0

    def row(self) -> tuple[Any, ...]:
        return (
            *(self.number, self.id, self.created, self.started, self.finished),
            *(self.author_id, self.form, self.total, json.dumps(self.items)),
        )


class TooManyJobs(Exception):
    def __init__(self, ids: list[str]) -> None:
        super().__init__(f"{len(ids)} jobs are queued or running")
        self.ids = ids


@dataclass
class Jobs:
    """The queue. Nothing runs by itself: `advance` does what was due by then, in order."""

    settings: Settings
    desk: Desk
    storage: Storage
    _live: dict[str, Job] = field(default_factory=dict)
    _queue: deque[Job] = field(default_factory=deque)
    _due: list[tuple[int, int, Job]] = field(default_factory=list)
    _last: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._last = self.storage.read("SELECT coalesce(max(number), 0) FROM jobs")[0][0]
        for job in self._read("WHERE finished IS NULL ORDER BY number"):
            self._take_up(job)

    def submit(self, form: str, items: list[tuple[int, dict[str, Any]]], author_id: int) -> Job:
        """Queue a job. TooManyJobs at the account's cap of queued or running ones."""
        if len(self._live) >= self.settings.max_jobs:
            raise TooManyJobs(list(self._live))
        self._last += 1
        now, name = self.desk.clock.stamp(), f"V3-{os.urandom(16).hex()}"
        job = Job(self._last, name, now, None, None, author_id, form, len(items), items)
        self._forget_old(now)
        self._live[job.id] = job
        self._queue.append(job)
        self.most_at_once = max(self.most_at_once, len(self._live))
        self._start_next(now)
        self._keep(job)
        return job

    def advance(self, now: int) -> None:
        """Do all that was due by now."""
        while self._due and self._due[0][0] <= now:
            moment, _, job = heappop(self._due)
            self._step(job, moment)

    def status(self, name: str, base_url: str) -> dict[str, Any] | None:
        """The job_status of one job, None if there is none or its day is over."""
        found = self.statuses([name], base_url)
        return found[0] if found else None

    def statuses(self, names: Iterable[str], base_url: str) -> list[dict[str, Any]]:
        """Statuses of those jobs that are known, in the order asked for."""
        return [self._describe(job, base_url) for name in names for job in self._find(name)]

    def numbers(self) -> list[int]:
        """Numbers of all jobs that are still kept, oldest first."""
        query = "SELECT number FROM jobs WHERE created >= ? ORDER BY number"
        return [number for (number,) in self.storage.read(query, [self._oldest()])]

    def numbered(self, number: int, base_url: str) -> dict[str, Any]:
        return self._describe(self._read("WHERE number = ?", number)[0], base_url)

    @property
    def live(self) -> int:
        return len(self._live)

    def _take_up(self, job: Job) -> None:
        """Go on with a job that was running when the process stopped."""
        query = "SELECT count(*), count(error) FROM results WHERE job = ?"
        job.done, job.failures = self.storage.read(query, [job.number])[0]
        self._live[job.id] = job
        if job.started is None:
            self._queue.append(job)
        else:
            heappush(self._due, (job.started + (job.done + 1) * self._gap(), job.number, job))

    def _gap(self) -> int:
        """Virtual microseconds from one ticket of a job to the next."""
        return int(SECOND / self.settings.job_rate)

    def _start_next(self, moment: int) -> None:
        running = len(self._live) - len(self._queue)
        while self._queue and running < self.settings.jobs_at_once:
            job = self._queue.popleft()
            ready = job.created + int(self.settings.job_start_delay * SECOND)
            job.started = max(moment, ready)
            heappush(self._due, (job.started + self._gap(), job.number, job))
            self._keep(job)
            running += 1

    def _step(self, job: Job, moment: int) -> None:
        if job.done < job.total:
            ticket_id, change = job.items[job.done]
            error, details = self._deliver(job, ticket_id, change, moment)
            self.storage.write(_RESULT, (job.number, job.done, ticket_id, error, details))
            job.done += 1
            job.failures += error is not None
        if job.done < job.total:
            heappush(self._due, (moment + self._gap(), job.number, job))
            return
        job.finished, job.items = moment, []
        del self._live[job.id]
        self._keep(job)
        self._start_next(moment)

    def _deliver(
        self, job: Job, ticket_id: int, change: dict[str, Any], moment: int
    ) -> tuple[str | None, str | None]:
        """Update one ticket; error and details of its result, or neither."""
        try:
            self.desk.deliver(
                ticket_id,
                change,
                Origin(job.form, job.author_id, job.id),
                at=moment,
                not_after=job.created if self.settings.safe_bulk_updates else None,
                tags_when_closed=job.form == BULK,
            )
        except Missing:
            return "RecordNotFound", "Not found"
        except Conflict:
            return "UpdateConflict", _CONFLICT
        except Failed as failure:
            return failure.error, failure.details
        except Refused as refusal:
            return "TicketUpdateFailed", str(refusal)
        return None, None

    def _keep(self, job: Job) -> None:
        self.storage.write(_KEEP, job.row())

    def _find(self, name: str) -> list[Job]:
        if name in self._live:
            return [self._live[name]]
        return self._read("WHERE id = ? AND created >= ?", name, self._oldest())

    def _oldest(self) -> int:
        return self.desk.clock.now() - self.settings.job_retention * SECOND

    def _forget_old(self, now: int) -> None:
        row = (now - self.settings.job_retention * SECOND,)
        for query in (
            "DELETE FROM results WHERE job IN"
            " (SELECT number FROM jobs WHERE created < ? AND finished IS NOT NULL)",
            "DELETE FROM jobs WHERE created < ? AND finished IS NOT NULL",
        ):
            self.storage.write(query, row)

    def _read(self, where: str, *row: Any) -> list[Job]:
        rows = self.storage.read(f"SELECT {_COLUMNS} FROM jobs {where}", row)  # noqa: S608  # nosec B608
        return [self._live.get(values[1]) or _job(values) for values in rows]

    def _describe(self, job: Job, base_url: str) -> dict[str, Any]:
        results = self._results(job) if job.finished else None
        status, progress, message = self._state(job, results)
        return {
            "id": job.id,
            "job_type": "bulk_update",
            "url": f"{base_url}/api/v2/job_statuses/{job.id}.json",
            "total": job.total,
            "progress": progress,
            "status": status,
            "message": message,
            "results": results,
        }

    def _state(
        self, job: Job, results: list[dict[str, Any]] | None
    ) -> tuple[str, int | None, str | None]:
        if results is not None and job.finished is not None:
            failed = bool(results) and not any(result["success"] for result in results)
            verb, ended = "Failed" if failed else "Completed", to_iso(job.finished)
            message = f"{verb} at {ended[:10]} {ended[11:19]} +0000"
            return verb.lower(), 0 if failed else job.total, message
        if job.started is None or job.started > self.desk.clock.latest():
            return "queued", None, None
        return "working", job.done, f"Updating ticket #{job.done + 1}"

    def _results(self, job: Job) -> list[dict[str, Any]]:
        query = "SELECT ticket_id, error, details FROM results WHERE job = ? ORDER BY place"
        return [_result(*row) for row in self.storage.read(query, [job.number])]


def _job(row: tuple[Any, ...]) -> Job:
    items = [(ticket_id, change) for ticket_id, change in json.loads(row[-1])]
    return Job(*row[:-1], items=items)


def _result(ticket_id: int, error: str | None, details: str | None) -> dict[str, Any]:
    if error is None:
        return {"action": "update", "status": "Updated", "success": True, "id": ticket_id}
    return {
        "id": ticket_id,
        "action": "update",
        "success": False,
        "error": error,
        "details": details,
    }
