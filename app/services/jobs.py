"""Jobs as people handle them: make one, apply its plan, cancel it, delete it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete as delete_rows
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.database import now
from app.extensions import db, rows_changed
from app.models import FORCED_AFTER, OVER, Job, JobStatus, User
from app.services import agreeing, approving, audit, connection, operations, permissions
from app.services.agreeing import PlanChanged, Said
from app.services.connection import NotConnected
from app.services.engine import filled_in, history, settling
from app.services.engine.status import over, paused, transition
from app.services.insights import acted
from app.services.operations import UnknownOperation
from app.services.recipe import PlanOutdated
from app.zendesk.errors import ZendeskError

PLAN_AGE = timedelta(days=7)
CANARY = 25  # tickets that are tried first, where somebody wants to look at them


@dataclass(frozen=True)
class Order:
    """What somebody asks a tool to do."""

    tool_slug: str
    operation: str
    arguments: dict[str, Any]
    selection: dict[str, Any]
    title: str
    act_words: str  # with “{tickets}” where their number goes
    limit: int
    reason: str = ""
    dry_run: bool = True
    parent_id: int | None = None
    relation: str | None = None
    submission_key: str | None = field(default=None, compare=False)


def create(user: User, order: Order, address: str = "") -> Job:
    """A pending job for the order; the one that there is already, if the same form was sent before.

    Commits, since whoever sends the form twice may do so at the same moment. Raises NotPermitted.
    """
    permissions.check_order(user, order)
    if job := _submitted(user, order):
        return job
    job = Job(user_id=user.id, **vars(order))
    db.session.add(job)
    user_id = user.id
    try:
        db.session.flush()
        if key := order.selection.get("issue_key"):
            acted.note(job, key)
        audit.record(user, "job.create", job.job_id, address, title=order.title)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if twin := _submitted(db.session.get_one(User, user_id), order):
            return twin
        raise
    return job


def _submitted(user: User, order: Order) -> Job | None:
    return submitted(user, order.submission_key) if order.submission_key else None


def submitted(user: User, key: str) -> Job | None:
    """The user's job that was made with this key."""
    return db.session.scalar(select(Job).where(Job.user_id == user.id, Job.submission_key == key))


def apply(
    job: Job,
    digest: str,
    user: User,
    *,
    agreed_to_part: bool,
    agreed_without: bool = False,
    typed_count: str = "",
    canary: bool = False,
    address: str = "",
) -> bool:
    """Set the plan in motion, if it is the one agreed to. False if it was already, or waits for an approval now.

    What has to be agreed to is as in `agreeing.Said`. `canary`: pause after the first tickets, so that somebody can
    look at them.

    Raises NotPermitted, PlanChanged, and NotAgreed, which is one. May commit, before Zendesk is asked; the caller
    commits what was set in motion, or the request for an approval.
    """
    said = Said(agreed_to_part, agreed_without, typed_count)
    _check_start(job, digest, user, said)
    if job.state is JobStatus.PLANNED and approving.is_missing(user, job):
        approving.ask(job, user, vars(said) | {"canary": canary}, address)
        return False
    return _start(job, digest, user, canary, address)


def approve(job: Job, digest: str, user: User, address: str = "") -> bool:
    """Let the person be the second one who agrees to the plan. If its start was asked for, it is started. False if not.

    It is started as by whoever asked, with what they agreed to. Where nobody has asked yet, their start goes through at
    once. Raises NotPermitted, PlanChanged. May commit, before Zendesk is asked; the caller commits the rest.
    """
    db.session.refresh(user)  # whoever approves is an admin at this moment
    approving.check_answer(user, job)
    approving.check_digest(job, digest)
    record = approving.of(job)
    asker = record.asked_by if record and record.is_waiting else None
    if record is None or asker is None or job.state is not JobStatus.PLANNED:
        approving.give(job, user, address)
        return False
    agreed = dict(record.said)
    canary = bool(agreed.pop("canary", False))
    _check_start(job, digest, asker, Said(**agreed))
    db.session.refresh(user)  # Zendesk may have been asked, which takes a while
    approving.check_answer(user, job)
    approving.give(job, user, address, asker)
    return _start(job, digest, asker, canary, approved_by=user.email)


def _check_start(job: Job, digest: str, user: User, said: Said) -> None:
    permissions.check_start(user, job)
    if job.plan_digest != digest:
        raise PlanChanged(
            "This is no longer the plan that you saw. Look at it again before you start it."
        )
    agreeing.check(job, said)
    if job.state is JobStatus.PLANNED:
        _check_what_it_relies_on(job)


def _start(
    job: Job, digest: str, user: User, canary: bool, address: str = "", **detail: Any
) -> bool:
    started = transition(
        job.id,
        JobStatus.PENDING,
        Job.status == JobStatus.PLANNED,
        Job.plan_digest == digest,
        dry_run=False,
        wake_at=None,
        canary=CANARY if canary else None,
    )
    if started:
        tickets = job.planned_count
        audit.record(user, "job.apply", job.job_id, address, tickets=tickets, **detail)
    return started


def _check_what_it_relies_on(job: Job) -> None:
    """Refuse a plan that is out of date. Where Zendesk cannot be asked now, the engine asks it before it writes."""
    pk, arguments, pinned = job.id, job.arguments, job.pinned
    try:
        operation = operations.named(job.operation)
        if not operation.relies_on_zendesk:
            return
        operation.prepare(connection.client(), arguments, pinned)
    except UnknownOperation as error:
        raise PlanChanged(str(error)) from None
    except PlanOutdated as error:
        raise PlanChanged(f"{error} Nothing was changed. {error.advice}") from None
    except (ZendeskError, NotConnected):
        pass
    db.session.rollback()  # whatever was read before the call is out of date
    if db.session.get(Job, pk) is None:
        raise PlanChanged("This plan was deleted meanwhile. Nothing was changed.")


def cancel(job: Job, user: User | None = None, address: str = "") -> bool:
    """Ask the job to stop before its next batch. False if it is too late to ask. The caller commits."""
    if job.state is JobStatus.CANCELLING:
        return True  # asked for already
    if not _drop(job, Job.status != JobStatus.CANCELLING) and not transition(
        job.id, JobStatus.CANCELLING, asked_at=now(), wake_at=None
    ):
        return False
    audit.record(user, "job.cancel", job.job_id, address)
    return True


def discard(job: Job, user: User | None = None, address: str = "") -> bool:
    """Give up a plan that has not been started. False if it has been. The caller commits."""
    if not _drop(job, Job.status == JobStatus.PLANNED):
        return False
    audit.record(user, "job.cancel", job.job_id, address)
    return True


def _drop(job: Job, *conditions: Any) -> bool:
    """Cancel a job that nobody is at."""
    dropped = transition(job.id, JobStatus.CANCELLED, *conditions, completed_at=now())
    if dropped:
        settling.drop_the_rest(job)
        job.result = job.counts
    return dropped


def pause(job: Job, user: User | None = None, address: str = "") -> bool:
    """Ask the job to pause before its next batch. False if it is not running. The caller commits."""
    if job.state in {JobStatus.PAUSING, JobStatus.PAUSED}:
        return True  # asked for already
    if not transition(job.id, JobStatus.PAUSING, asked_at=now(), wake_at=None, pause_reason=None):
        return False
    audit.record(user, "job.pause", job.job_id, address)
    return True


def resume(job: Job, user: User | None = None, address: str = "") -> bool:
    """Let a paused or failed job go on where it stopped. False if it is neither. The caller commits.

    Raises NotPermitted.
    """
    if user:
        permissions.check_start(user, job)
        approving.check_going_on(user, job)
    afresh = {"wake_at": None, "wait_reason": None, "wait_until": None, "setbacks": 0}
    afresh |= {"waits_for_id": None, "faults": 0}
    # Whoever lets it go on has seen why it paused, but perhaps not its first tickets.
    afresh |= {"pause_reason": None, "pause_detail": None, "recent": None}
    if job.canary is not None and job.written >= job.canary:
        afresh |= {"canary": None}
    if not (
        transition(job.id, JobStatus.RUNNING, Job.status == JobStatus.PAUSED, **afresh)
        or transition(
            job.id,
            JobStatus.PENDING,
            Job.status == JobStatus.FAILED,
            completed_at=None,
            result=None,
            error=None,
            **afresh,
        )
    ):
        return False
    history.left(job)
    filled_in.drop(job)  # they may have been kept for days, and say what is so no longer
    audit.record(user, "job.resume", job.job_id, address)
    return True


def force(job: Job, user: User | None = None, address: str = "") -> bool:
    """End the wait for what is in flight: nobody will know what became of those tickets. The caller commits.

    False unless the job has been pausing or cancelling for so long that this may be offered.
    """
    ended = rows_changed(
        update(Job)
        .where(Job.id == job.id, Job.status.in_((JobStatus.PAUSING, JobStatus.CANCELLING)))
        .where(Job.asked_at <= now() - FORCED_AFTER)
        # Whoever is still at it loses the lease, and so cannot write any more.
        .values(fence=Job.fence + 1, lease_owner=None, lease_expires_at=None, running_since=None)
    )
    if not ended:
        return False
    db.session.refresh(job)  # its row is locked: what was asked for cannot change any more
    settling.give_up_in_flight(job)
    history.waits(job, None)
    if job.state is JobStatus.CANCELLING:
        settling.drop_the_rest(job)
        over(job, JobStatus.CANCELLED)
    elif job.planned_count:
        paused(job)
    else:
        over(job, JobStatus.COMPLETED)
    audit.record(user, "job.force", job.job_id, address)
    return True


def delete(job: Job, user: User, address: str = "") -> bool:
    """Remove a job that is over, and with it its ledger. False if it is not over. The caller commits."""
    known = {"target": job.job_id, "title": job.title, "counts": job.counts}
    gone = rows_changed(delete_rows(Job).where(Job.id == job.id, Job.status.in_(OVER)))
    if gone:
        db.session.expunge(job)
        audit.record(user, "job.delete", address=address, **known)
    return gone == 1


def expire_plans(age: timedelta = PLAN_AGE) -> int:
    """Cancel plans that nobody has applied in all this time: they no longer describe the tickets.

    How many there were. The caller commits.
    """
    old = select(Job).where(Job.status == JobStatus.PLANNED, Job.planned_at < now() - age)
    return sum(discard(job) for job in db.session.scalars(old).all())
