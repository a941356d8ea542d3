"""What is done to a restored database before anybody uses it.

A job that was under way when the backup was made has gone on since: what the backup calls planned may long be done, in
Zendesk. So nothing goes on by itself. What was running is paused until a person has looked; nobody knows any more what
became of what was in flight; and plans are given up, since they may have been started meanwhile. What was to be told to
people and programs has been told since, or is no news any more.

A backup may be older than the code. So this uses only tables and columns that are there, by their names.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Integer,
    String,
    column,
    func,
    inspect,
    literal,
    select,
    table,
)

from app.database import UtcDateTime, now
from app.models import OVER, DeliveryState, JobStatus, Outcome, PauseReason, Stage
from app.services.backup.archive import Manifest
from app.services.reasons import Reason

_S = JobStatus
# A worker of before the restoring may still think that a job is its own: its fence is never met again.
FENCES = 1000
SESSIONS = ("sessions", "user_sessions")

JOBS = table(
    "jobs",
    column("id", Integer),
    *(column(name, String) for name in ("job_id", "status", "plan_digest")),
)
TICKETS = table(
    "job_tickets",
    column("job_id", Integer),
    *(column(name, String) for name in ("stage", "outcome", "reason")),
)
EVENTS = table(
    "audit_events",
    column("at", UtcDateTime),
    *(column(name, String) for name in ("actor", "action", "target", "address")),
    column("detail", JSON),
)
NEWS = table("job_events", column("due_at", UtcDateTime))
DELIVERIES = table(
    "deliveries",
    column("next_try_at", UtcDateTime),
    column("answer_status", Integer),
    *(column(name, String) for name in ("state", "answer")),
)
NOT_SENT = "Not sent: the database was restored from a backup, and this may have been sent before."
USERS = table("users", column("id", Integer), column("session_key", String))


@dataclass(frozen=True)
class Held:
    """How many jobs were paused, given up, and found to have nothing left to do."""

    paused: int = 0
    given_up: int = 0
    completed: int = 0


def hold(connection: Connection, manifest: Manifest, file_name: str) -> Held:
    """Part of the caller's transaction."""
    there = set(inspect(connection).get_table_names())
    if not {"jobs", "users"} <= there:
        return Held()
    columns = {one["name"] for one in inspect(connection).get_columns("jobs")}
    statuses = [_held(connection, job, columns, manifest) for job in _unfinished(connection)]
    _end_waits(connection, there)
    _end_notices(connection, there)
    _end_sessions(connection, there)
    held = Held(*(statuses.count(status) for status in (_S.PAUSED, _S.CANCELLED, _S.COMPLETED)))
    about = {"made_at": manifest.made_at, "revision": manifest.revision}
    about |= {"paused": held.paused, "given_up": held.given_up}
    _note(connection, "backup.restore", file_name, about)
    return held


def _unfinished(connection: Connection) -> list[Any]:
    wanted = select(JOBS.c.id, JOBS.c.job_id, JOBS.c.status, JOBS.c.plan_digest)
    return list(connection.execute(wanted.where(JOBS.c.status.not_in(OVER)).order_by(JOBS.c.id)))


def _held(connection: Connection, job: Any, columns: set[str], manifest: Manifest) -> JobStatus:
    """Let the job rest. Gives the status that it has then."""
    was_started = job.plan_digest is not None and job.status not in {_S.PLANNED, _S.CANCELLING}
    _settle(
        connection, job, TICKETS.c.stage.in_((Stage.SENDING, Stage.SENT)), Reason.RESULT_UNKNOWN
    )
    if not was_started:
        _settle(connection, job, TICKETS.c.outcome == Outcome.PLANNED, Reason.CANCELLED)
    counts = _counts(connection, job)
    status = _S.CANCELLED
    if was_started:
        status = _S.PAUSED if counts[Outcome.PLANNED] else _S.COMPLETED
    values = _values(job, status, counts, manifest)
    kept = {name: value for name, value in values.items() if name in columns}
    jobs = table("jobs", *(column(name) for name in kept))
    connection.execute(jobs.update().where(column("id") == job.id).values(kept))
    _note(connection, *_event(job, status, values))
    return status


def _settle(connection: Connection, job: Any, rows: ColumnElement[bool], reason: Reason) -> None:
    result = {"stage": Stage.SETTLED, "outcome": reason.outcome, "reason": str(reason)}
    connection.execute(
        TICKETS.update()
        .where(TICKETS.c.job_id == job.id, TICKETS.c.outcome == Outcome.PLANNED, rows)
        .values({name: str(value) for name, value in result.items()})
    )


def _counts(connection: Connection, job: Any) -> dict[Outcome, int]:
    found = connection.execute(
        select(TICKETS.c.outcome, func.count())
        .where(TICKETS.c.job_id == job.id)
        .group_by(TICKETS.c.outcome)
    )
    return dict.fromkeys(Outcome, 0) | {Outcome(outcome): number for outcome, number in found}


def _values(
    job: Any, status: JobStatus, counts: dict[Outcome, int], manifest: Manifest
) -> dict[str, Any]:
    total = sum(counts.values())
    processed = total - counts[Outcome.PLANNED] - counts[Outcome.NOT_REACHED]
    at = literal(now(), UtcDateTime())
    values: dict[str, Any] = {f"{outcome}_count": number for outcome, number in counts.items()}
    values |= {"status": str(status), "fence": column("fence", Integer) + FENCES, "setbacks": 0}
    values |= dict.fromkeys(_NOTHING_ANY_MORE)
    values |= {"total_items": total, "processed_items": processed}
    if job.plan_digest is not None:
        values["progress"] = 100 * processed // total if total else 100
        values["started_at"] = func.coalesce(column("started_at", UtcDateTime), at)
    if status is _S.PAUSED:
        values |= {"pause_reason": str(PauseReason.RESTORED), "pause_detail": _words(manifest)}
    else:
        result = {str(outcome): number for outcome, number in counts.items()}
        values |= {"completed_at": at, "result": literal(result, JSON())}
    if status is _S.CANCELLED:
        values |= {"error": _words(manifest), "started_at": column("started_at")}
    return values


_NOTHING_ANY_MORE = (
    *("lease_owner", "lease_expires_at", "wake_at", "wait_reason", "wait_until", "waits_for_id"),
    *("running_since", "asked_at", "recent", "pause_reason", "pause_detail"),
)


def _words(manifest: Manifest) -> str:
    return (
        f"The database was restored from a backup of {manifest.made:%d %b %Y, %H:%M} UTC. "
        "What the job did since then is not known here."
    )


def _event(job: Any, status: JobStatus, values: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """As the timeline of a job has it."""
    about: dict[str, Any] = {"before": job.status, "after": str(status)}
    if status is _S.PAUSED:
        about |= {"reason": values["pause_reason"], "words": values["pause_detail"]}
    return _ACTIONS[status], job.job_id, about


_ACTIONS = {_S.PAUSED: "job.paused", _S.CANCELLED: "job.restored", _S.COMPLETED: "job.restored"}


def _note(connection: Connection, action: str, target: str, detail: dict[str, Any]) -> None:
    event = {"at": now(), "actor": "system", "action": action, "target": target, "address": ""}
    connection.execute(EVENTS.insert().values(event | {"detail": detail}))


def _end_waits(connection: Connection, there: set[str]) -> None:
    if "job_waits" in there:
        waits = table("job_waits", column("ended_at", UtcDateTime))
        connection.execute(waits.update().where(waits.c.ended_at.is_(None)).values(ended_at=now()))


def _end_notices(connection: Connection, there: set[str]) -> None:
    """The log of a webhook says so, and has a button to send it all the same."""
    if not {"job_events", "deliveries"} <= there:
        return
    connection.execute(NEWS.update().where(NEWS.c.due_at.is_not(None)).values(due_at=None))
    void = {"state": str(DeliveryState.GIVEN_UP), "next_try_at": None}
    void |= {"answer_status": None, "answer": NOT_SENT}
    waiting = DELIVERIES.c.next_try_at.is_not(None)
    connection.execute(DELIVERIES.update().where(waiting).values(void))


def _end_sessions(connection: Connection, there: set[str]) -> None:
    """Somebody may have lost the right to theirs since."""
    if "session_key" in {one["name"] for one in inspect(connection).get_columns("users")}:
        _change_session_keys(connection)
    for name in there.intersection(SESSIONS):
        connection.execute(table(name).delete())


def _change_session_keys(connection: Connection) -> None:
    """Of an older version, in which a session was nothing but its person's key."""
    for user_id in list(connection.scalars(select(USERS.c.id))):
        key = secrets.token_urlsafe(32)
        connection.execute(USERS.update().where(USERS.c.id == user_id).values(session_key=key))
