"""A second person's approval: which plans need it, who asked for it, and who may give it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, update

from app.database import now
from app.extensions import db, rows_changed
from app.models import Approval, Job, JobStatus, Role, User
from app.services import audit, operations, permissions
from app.services.agreeing import PlanChanged
from app.services.notices import events
from app.services.permissions import NotPermitted

# In these it can be given: before the start, and where a job was started before an approval was demanded.
OPEN = frozenset({JobStatus.PLANNED, JobStatus.PAUSED, JobStatus.FAILED})
LONGEST_NOTE = 500  # characters


def why(user: User, job: Job) -> str:
    """Why this person's start of the job's plan needs somebody else's approval, as a sentence. Empty if it does not."""
    if job.plan_digest is None or operations.changes_nothing(job.operation):
        return ""
    limits = permissions.of(user, job.tool_slug)
    if limits.approval_for_replies and permissions.sends_replies(job):
        return "It sends public replies, and an admin has to approve those first."
    if limits.approval_above is not None and job.to_do > limits.approval_above:
        return f"It changes more than {limits.approval_above:,} tickets, and an admin has to approve that first."
    return ""


def of(job: Job) -> Approval | None:
    """What was asked and said of the job's plan as it is now."""
    if job.plan_digest is None:
        return None
    mine = select(Approval).where(
        Approval.job_id == job.id, Approval.plan_digest == job.plan_digest
    )
    return db.session.scalar(mine.execution_options(populate_existing=True))


def is_given(job: Job, user: User) -> bool:
    """Has somebody else approved the job's plan as it is now, who is still an admin?"""
    record = of(job)
    by = record.approved_by if record else None
    return by is not None and by.is_admin and by.enabled and by.id not in (user.id, job.user_id)


def is_missing(user: User, job: Job) -> bool:
    """Is the person's start to wait for an approval?"""
    return bool(why(user, job)) and not is_given(job, user)


def check_going_on(user: User, job: Job) -> None:
    """Raises NotPermitted where a job that rests may not go on without an approval. One for its start is enough."""
    if is_missing(user, job):
        raise NotPermitted(
            f"This job waits for another admin's approval. {why(user, job)}", "approval"
        )


def ask(job: Job, user: User, said: dict[str, Any], address: str = "") -> None:
    """Note that the person would start the plan, agreed to with `said`. Asking again changes nothing but that.

    Raises PlanChanged. The caller commits.
    """
    record = _locked(job)
    record.said = said
    if record.asked_by_id == user.id and record.is_waiting:
        return
    record.asked_by, record.asked_at = user, now()
    record.approved_by = record.approved_at = (
        None  # one that is there does not count for this person
    )
    record.rejected_by = record.rejected_at = None
    record.note = ""
    audit.record(user, "job.ask_approval", job.job_id, address, tickets=job.to_do)
    events.note_wait_for_approval(job)


def may_answer(user: User, job: Job) -> bool:
    """May the person approve or reject the job's plan as it is now, if that is wanted?"""
    try:
        check_answer(user, job)
    except NotPermitted:
        return False
    return True


def check_answer(user: User, job: Job) -> None:
    """Raises NotPermitted unless it is an admin who neither made the job nor asked to start it."""
    record = of(job)
    if not (user.is_admin and user.enabled):
        raise NotPermitted("Only an admin may approve a plan.", "approval")
    if user.id == job.user_id or (record and record.is_waiting and record.asked_by_id == user.id):
        raise NotPermitted("Another admin has to approve this plan: this one is yours.", "approval")


def check_digest(job: Job, digest: str) -> None:
    """Raises PlanChanged unless it is that of the job's plan as it is now."""
    if not digest:
        raise PlanChanged(
            "This does not say which plan is meant. Look at the plan, and press the button there."
        )
    if job.plan_digest != digest:
        raise PlanChanged(
            "This is no longer the plan that you saw: it was made anew, or tickets were left out or taken in. "
            f"It changes {job.planned_count:,} tickets now. Look at it again."
        )


def give(job: Job, user: User, address: str = "", asker: User | None = None) -> None:
    """Note that the person approves of the job's plan as it is now. `asker`: whose start is approved, if anybody's.

    Raises PlanChanged. The caller commits.
    """
    record = _locked(job)
    if asker and not (record.is_waiting and record.asked_by_id == asker.id):
        raise PlanChanged(
            "This plan was rejected, or asked for by somebody else, meanwhile. Look at it again."
        )
    record.approved_by, record.approved_at = user, now()
    record.rejected_by = record.rejected_at = None
    record.note = ""
    asked_by = record.asked_by.email if record.asked_by else None
    audit.record(
        user,
        "job.approve",
        job.job_id,
        address,
        tickets=job.to_do,
        digest=job.plan_digest,
        asked_by=asked_by,
    )


def reject(job: Job, digest: str, user: User, note: str = "", address: str = "") -> None:
    """Note that the person does not approve of the plan. It stays as it is, and can be asked for again.

    Raises NotPermitted, PlanChanged. The caller commits.
    """
    db.session.refresh(user)
    check_answer(user, job)
    check_digest(job, digest)
    record = _locked(job)
    record.asked_by = record.asked_at = None
    record.approved_by = record.approved_at = None
    record.rejected_by, record.rejected_at = user, now()
    record.note = note.strip()[:LONGEST_NOTE]
    audit.record(user, "job.reject", job.job_id, address, digest=digest)


def _locked(job: Job) -> Approval:
    """The record of the job's plan, which nobody else can write meanwhile. Raises PlanChanged."""
    digest = job.plan_digest or ""
    locked = rows_changed(
        update(Job)
        .where(Job.id == job.id, Job.status.in_(OPEN), Job.plan_digest == digest)
        .values(plan_digest=digest)
    )
    if not locked:
        raise PlanChanged(
            "This plan was started, discarded or changed meanwhile. Look at it again."
        )
    record = of(job)
    if record is None:
        record = Approval(job_id=job.id, plan_digest=digest, said={})
        db.session.add(record)
        db.session.flush()
    return record


def waiting_for(user: User, size: int) -> list[Job]:
    """The plans that wait for this person's approval, those first that were asked for first."""
    if not user.is_admin:
        return []
    rows = (
        _waiting(select(Job))
        .where(Job.user_id != user.id, Approval.asked_by_id.is_distinct_from(user.id))
        .order_by(Approval.asked_at, Approval.id)
    )
    return list(db.session.scalars(rows.limit(size)))


def is_asked_for(job: Job) -> bool:
    """Has somebody asked for an approval of the plan as it is now, and nobody answered?"""
    return bool(waiting_among([job]))


def those_who_may_answer(job: Job) -> Select[Any]:
    """The ids of the admins who may approve the job's plan, which waits for that."""
    record = of(job)
    theirs = {job.user_id, record.asked_by_id if record else None} - {None}
    return select(User.id).where(User.role == Role.ADMIN, User.enabled, User.id.not_in(theirs))


def waiting_among(jobs: Iterable[Job]) -> set[int]:
    """The keys of those of the jobs whose plan somebody would start, and that wait for an approval."""
    planned = [job.id for job in jobs if job.state is JobStatus.PLANNED]
    if not planned:
        return set()
    return set(db.session.scalars(_waiting(select(Job.id)).where(Job.id.in_(planned))))


def _waiting(jobs: Select[Any]) -> Select[Any]:
    return (
        jobs.join(Approval, (Approval.job_id == Job.id) & (Approval.plan_digest == Job.plan_digest))
        .where(Job.status == JobStatus.PLANNED)
        .where(Approval.asked_at.is_not(None), Approval.approved_at.is_(None))
    )


@dataclass(frozen=True)
class Standing:
    """How a plan stands with its approval, for the person who looks at it.

    `why`: why their own start would wait for it. `was_changed`: it was asked for, for what the plan was before.
    """

    record: Approval | None
    why: str
    is_given: bool
    may_answer: bool
    was_changed: bool

    @property
    def is_waiting(self) -> bool:
        return self.record is not None and self.record.is_waiting

    @property
    def is_missing(self) -> bool:
        return bool(self.why) and not self.is_given


def is_wanted(job: Job) -> bool:
    """Was the plan's approval asked for, or would its owner's start wait for it?"""
    record = of(job)
    return (record is not None and record.is_waiting) or is_missing(job.user, job)


def look(user: User, job: Job) -> Standing:
    record = of(job)
    return Standing(
        record,
        why(user, job),
        is_given(job, user),
        is_wanted(job) and job.state in OPEN and may_answer(user, job),
        record is None and _was_asked(job),
    )


def _was_asked(job: Job) -> bool:
    asked = select(Approval.id).where(Approval.job_id == job.id, Approval.asked_at.is_not(None))
    return db.session.scalar(asked.limit(1)) is not None
