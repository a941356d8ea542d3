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
from .creating import make
from .desk import Conflict, Desk, Failed, Missing
from .meddling import meddle
from .settings import Settings
from .storage import Storage
from .troubles import Troubles
from .truth import Origin

BULK, BATCH = "update_many", "batch"
CREATION, DELETION = "create_many", "destroy_many"
# What errors call them. Only that of updates was recorded.
JOB_CLASSES = {
    BULK: "TicketBulkUpdateJobV2",
    BATCH: "TicketBulkUpdateJobV2",
    CREATION: "TicketBulkCreateJob",
    DELETION: "TicketBulkDeleteJob",
}
_ACCOUNT_ID = 1
_TYPES = {BULK: "bulk_update", BATCH: "bulk_update", CREATION: "bulk_create"}
_VERBS = {CREATION: "Creating", DELETION: "Deleting"}
_KEEP = "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RESULT = "INSERT INTO results VALUES (?, ?, ?, ?, ?)"
_BY_NAME = "WHERE id = ? AND created >= ?"
_SELECT = "SELECT number, id, created, started, finished, author_id, form, total, items FROM jobs "
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
    troubles: Troubles
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
        self.troubles.befall(job.number)
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
        return [self.describe(job, base_url) for name in names for job in self._find(name)]

    def numbers(self) -> list[int]:
        """Numbers of all jobs that are still kept, oldest first.

        The list has also those whose own status is not found for a moment.
        """
        query = "SELECT number, created FROM jobs WHERE created >= ?"
        kept: dict[int, int] = dict(self.storage.read(query, [self._oldest()]))
        kept |= {job.number: job.created for job in self._live.values()}
        return [number for number in sorted(kept) if not self._is_forgotten(number, kept[number])]

    def numbered(self, number: int, base_url: str) -> dict[str, Any]:
        return self.describe(self._read("WHERE number = ?", number)[0], base_url)

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
            self._schedule(job, job.started + (job.done + 1) * self._gap())

    def _schedule(self, job: Job, moment: int) -> None:
        """Let the job go on at this moment, or later if it stalls, or never."""
        stall = self.troubles.stall(job.number, job.total, job.done)
        if stall is not None:
            heappush(self._due, (moment + int(stall), job.number, job))

    def _gap(self) -> int:
        """Virtual microseconds from one ticket of a job to the next."""
        return int(SECOND / self.settings.job_rate)

    def _start_next(self, moment: int) -> None:
        running = len(self._live) - len(self._queue)
        while self._queue and running < self.settings.jobs_at_once:
            job = self._queue.popleft()
            wait = self.settings.job_start_delay + self.troubles.queued_longer(job.number)
            job.started = max(moment, job.created + int(wait * SECOND))
            self._schedule(job, job.started + self._gap())
            self._keep(job)
            running += 1

    def _step(self, job: Job, moment: int) -> None:
        end = self.troubles.end(job.number, job.total)
        if job.done < end:
            ticket_id, change = job.items[job.done]
            ticket_id, error, details = self._done(job, ticket_id, change, moment)
            self.storage.write(_RESULT, (job.number, job.done, ticket_id, error, details))
            job.done += 1
            job.failures += error is not None
        if job.done < end:
            self._schedule(job, moment + self._gap())
            return
        job.finished, job.items = moment, []
        del self._live[job.id]
        self._keep(job)
        self._start_next(moment)

    def _done(
        self, job: Job, ticket_id: int, change: dict[str, Any], moment: int
    ) -> tuple[int, str | None, str | None]:
        """Do one item; the ticket, and error and details of its result, or neither."""
        if job.form == CREATION:
            return self._create(job, change)
        if job.form == DELETION:
            return ticket_id, *self._delete(ticket_id)
        return ticket_id, *self._deliver(job, ticket_id, change, moment)

    def _create(self, job: Job, fields: dict[str, Any]) -> tuple[int, str | None, str | None]:
        try:
            made = make(self.desk, fields, Origin("post", job.author_id, job.id))
        except Refused as refusal:
            return 0, "TicketCreateFailed", str(refusal)
        return made.id, None, None

    def _delete(self, ticket_id: int) -> tuple[str | None, str | None]:
        try:
            self.desk.delete(ticket_id)
        except Missing:
            return "RecordNotFound", "Not found"
        return None, None

    def _deliver(
        self, job: Job, ticket_id: int, change: dict[str, Any], moment: int
    ) -> tuple[str | None, str | None]:
        """Update one ticket; error and details of its result, or neither."""
        meddle(self.desk, self.settings, job.number, ticket_id, moment)
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
        live = self._live.get(name)
        found = [live] if live else self._read(_BY_NAME, name, self._oldest())
        return [job for job in found if not self._is_hidden(job)]

    def _is_hidden(self, job: Job) -> bool:
        """True while Zendesk does not find a new job yet, and once a fault made it forget one."""
        delay = max(self.settings.job_status_delay, self.troubles.found_later(job.number))
        age = self.desk.clock.latest() - job.created
        return age < delay * SECOND or self.troubles.forgotten(job.number, age)

    def _is_forgotten(self, number: int, created: int) -> bool:
        return self.troubles.forgotten(number, self.desk.clock.latest() - created)

    def _oldest(self) -> int:
        return self.desk.clock.now() - self.settings.job_retention * SECOND

    def _forget_old(self, now: int) -> None:
        row = (now - self.settings.job_retention * SECOND,)
        for query in (
            "DELETE FROM results WHERE job IN"
            " (SELECT number FROM jobs WHERE created < ? AND finished IS NOT NULL)",
            "DELETE FROM troubles WHERE job IN"
            " (SELECT number FROM jobs WHERE created < ? AND finished IS NOT NULL)",
            "DELETE FROM jobs WHERE created < ? AND finished IS NOT NULL",
        ):
            self.storage.write(query, row)

    def _read(self, where: str, *row: Any) -> list[Job]:
        rows = self.storage.read(_SELECT + where, row)
        return [self._live.get(values[1]) or _job(values) for values in rows]

    def describe(self, job: Job, base_url: str) -> dict[str, Any]:
        results = self._results(job) if job.finished else None
        status, progress, message = self._state(job, results)
        return {
            "id": job.id,
            "job_type": _TYPES.get(job.form, "bulk_delete"),
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
        if job.finished is not None and self.troubles.kills(job.number):
            return "killed", None, None
        if job.finished is not None and self.troubles.fails(job.number):
            return "failed", len(results or ()), _ended("Failed", job.finished)
        if results is not None and job.finished is not None:
            failed = bool(results) and all("error" in result for result in results)
            verb = "Failed" if failed else "Completed"
            return verb.lower(), 0 if failed else job.total, _ended(verb, job.finished)
        if job.started is None or job.started > self.desk.clock.latest():
            return "queued", None, None
        verb = _VERBS.get(job.form, "Updating")
        return "working", job.done, f"{verb} ticket #{job.done + 1}"

    def _results(self, job: Job) -> list[dict[str, Any]] | None:
        if self.troubles.kills(job.number):
            return None
        query = "SELECT place, ticket_id, error, details FROM results WHERE job = ? ORDER BY place"
        result = _created if job.form == CREATION else _result
        rows = self.storage.read(query, [job.number])
        results = [result(job.form, *row) for row in rows]
        return _without(results, self.troubles.lost(job.number))


def _job(row: tuple[Any, ...]) -> Job:
    items = [(ticket_id, change) for ticket_id, change in json.loads(row[-1])]
    return Job(*row[:-1], items=items)


def _ended(verb: str, finished: int) -> str:
    ended = to_iso(finished)
    return f"{verb} at {ended[:10]} {ended[11:19]} +0000"


def _without(results: list[dict[str, Any]], share: float) -> list[dict[str, Any]]:
    """What is left where this share of the results, spread evenly, is lost."""
    return [
        result
        for place, result in enumerate(results)
        if int((place + 1) * share) == int(place * share)
    ]


def _created(
    _form: str, place: int, ticket_id: int, error: str | None, details: str | None
) -> dict[str, Any]:
    """Told by its place in the request: a ticket that was not made has no id."""
    if error is None:
        return {"index": place, "id": ticket_id, "account_id": _ACCOUNT_ID}
    return {"index": place, "error": error, "details": details}


def _result(
    form: str, _place: int, ticket_id: int, error: str | None, details: str | None
) -> dict[str, Any]:
    action, status = ("delete", "Deleted") if form == DELETION else ("update", "Updated")
    if error is None:
        return {"action": action, "status": status, "success": True, "id": ticket_id}
    return {
        "id": ticket_id,
        "action": action,
        "success": False,
        "error": error,
        "details": details,
    }
