"""What happened to a job, step by step: what people did to it, and what it did by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models import AuditEvent, Job, JobStatus, PauseReason
from app.services import lineage

MOST_STEPS = 500  # of what people did, the latest: nobody reads more
SYSTEM = "system"  # as the audit log calls the program itself

SAID = {
    "job.create": "Asked for",
    "job.pause": "Asked to pause",
    "job.resume": "Let go on",
    "job.cancel": "Asked to cancel",
    "job.ask_approval": "Asked for an approval",
    "job.approve": "Approved as a second person",
    "job.reject": "Not approved",
    "job.force": "Forced to stop, without waiting for Zendesk",
}
RESTORED = "Ended, since the database was restored from a backup"
GIVEN_UP = "Given up by itself, since nobody started the plan"
PAUSED = {
    PauseReason.CANARY: "Paused by itself after its first tickets, so that somebody looks at them",
    PauseReason.BREAKER: "Paused by itself, since too many tickets failed",
    PauseReason.RESTORED: "Paused, since the database was restored from a backup",
}
ENDS = {
    JobStatus.COMPLETED: "Completed",
    JobStatus.CANCELLED: "Cancelled",
    JobStatus.FAILED: "Failed",
}


@dataclass(frozen=True)
class Step:
    """`who` is empty for what the job did by itself; `follower` is the job that was made from it."""

    at: datetime
    words: str
    who: str = ""
    detail: str = ""
    follower: Job | None = None


def of(job: Job) -> list[Step]:
    """The steps, oldest first."""
    events = _events(job)
    steps = [*_asked_for(job, events), *_done(job), *_ended(job, events), *_followed(job)]
    return sorted(steps, key=lambda step: step.at)  # stable: of one moment, asking comes first


def pauses(job: Job) -> list[tuple[datetime, datetime | None, str]]:
    """When the job rested, and by whose doing: each from, until (None: it still does), and “paused by …”."""
    found, began, why, asker = [], None, "", ""
    for event in _events(job):
        if event.action == "job.pause":
            asker = event.actor
        elif event.action in {"job.paused", "job.fail"}:
            began, why = event.at, _why(event, asker)
        elif event.action in {"job.resume", "job.cancel"} and began:
            found.append((began, event.at, why))
            began = None
    return [*found, (began, job.completed_at, why)] if began else found


def _why(event: AuditEvent, asker: str) -> str:
    if event.action == "job.fail":
        return "failed, until it was resumed"
    if event.detail.get("reason") == PauseReason.RESTORED:
        return "paused, since a backup was restored"
    if event.detail.get("reason") in set(PauseReason):
        return "paused by itself"
    return f"paused by {asker}" if asker else "paused"


def _events(job: Job) -> list[AuditEvent]:
    newest = select(AuditEvent).where(AuditEvent.target == job.job_id)
    newest = newest.order_by(AuditEvent.id.desc()).limit(MOST_STEPS)
    return list(db.session.scalars(newest))[::-1]


def _asked_for(job: Job, events: list[AuditEvent]) -> Iterator[Step]:
    for event in events:
        who = "" if event.actor == SYSTEM else event.actor
        for words, detail in _in_words(job, event):
            yield Step(event.at, words, who, detail)


def _in_words(job: Job, event: AuditEvent) -> Iterator[tuple[str, str]]:
    """The words for an entry of the audit log: none where a stamp of the job says the same."""
    about = event.detail
    if event.action in SAID:
        gave_up = event.action == "job.cancel" and event.actor == SYSTEM
        yield GIVEN_UP if gave_up else SAID[event.action], ""
    elif event.action == "job.restored":
        yield RESTORED, ""
    elif event.action == "job.untick":
        yield from _unticked(about)
    elif event.action == "job.apply":
        yield f"Plan agreed to, with {_tickets(about.get('tickets', 0))} to change", ""
    elif event.action == "job.paused":
        known = about.get("reason") in set(PauseReason)
        yield PAUSED[PauseReason(about["reason"])] if known else "Paused", about.get("words") or ""
    elif event.action == "job.fail" and not _is_last_failure(job, event):
        yield ENDS[JobStatus.FAILED], about.get("error") or ""


def _is_last_failure(job: Job, event: AuditEvent) -> bool:
    """Does the job's own stamp tell of it? Both are written in one transaction, one after the other."""
    ended = job.completed_at if job.state is JobStatus.FAILED else None
    return ended is not None and abs((event.at - ended).total_seconds()) < 1


def _unticked(about: dict[str, int]) -> Iterator[tuple[str, str]]:
    if number := about.get("left_out"):
        yield f"{_tickets(number)} left out of the plan", ""
    if number := about.get("taken_in"):
        yield f"{_tickets(number)} taken into the plan again", ""


def _done(job: Job) -> Iterator[Step]:
    """What the job's own stamps tell."""
    if job.planned_at:
        yield Step(job.planned_at, f"Plan made, of {_tickets(job.total_items)}")
    if job.started_at:
        yield Step(job.started_at, "Started to write")


def _ended(job: Job, events: list[AuditEvent]) -> Iterator[Step]:
    """A job that nobody is at ends at once when it is asked to: its end is not told before the asking."""
    if job.completed_at and job.state in ENDS:
        asked = [event.at for event in events if event.action in {"job.cancel", "job.force"}]
        yield Step(max([job.completed_at, *asked]), ENDS[job.state], detail=job.error or "")


def _followed(job: Job) -> Iterator[Step]:
    for child in lineage.children(job):
        relation = lineage.relation_of(child)
        words = f"Followed by “{relation.words}”" if relation else "Followed"
        yield Step(child.created_at, words, child.user.email, follower=child)


def _tickets(number: int) -> str:
    return f"{number:,} ticket" if number == 1 else f"{number:,} tickets"
