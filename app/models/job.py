"""A job: one run of one operation over one frozen selection."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UtcDateTime, now
from app.extensions import Model
from app.models.job_ticket import Outcome
from app.models.leased import Leased
from app.models.user import User


class JobStatus(StrEnum):
    PENDING = "pending"  # asked for; no worker has taken it up yet
    PLANNING = "planning"  # reading the selection and asking the operation about each ticket
    PLANNED = "planned"  # the plan is sealed and waits for a person
    RUNNING = "running"  # batches are sent and settled
    PAUSING = "pausing"  # asked to pause; what is in flight is being settled
    PAUSED = "paused"  # nothing is in flight
    CANCELLING = "cancelling"  # asked to stop; what is in flight is being settled
    CANCELLED = "cancelled"
    COMPLETED = "completed"  # every ticket has its result, which may be "failed"
    FAILED = "failed"  # the job itself could not go on; `error` says why

    @property
    def is_over(self) -> bool:
        return self in OVER

    @property
    def rests(self) -> bool:
        """Does only a person move it on?"""
        return self.is_over or self in {JobStatus.PLANNED, JobStatus.PAUSED}

    @property
    def can_be_paused(self) -> bool:
        return self is JobStatus.RUNNING

    @property
    def can_be_resumed(self) -> bool:
        return self in {JobStatus.PAUSED, JobStatus.FAILED}

    @property
    def can_be_cancelled(self) -> bool:
        return not self.is_over and self is not JobStatus.CANCELLING


_S = JobStatus

# From a status to those that may follow it. Asking (pausing, cancelling) is not having (paused, cancelled): the web
# writes the first, the worker answers with the second.
TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    _S.PENDING: frozenset({_S.PLANNING, _S.RUNNING, _S.CANCELLING}),
    _S.PLANNING: frozenset({_S.PLANNED, _S.COMPLETED, _S.FAILED, _S.CANCELLING}),
    # Applying goes by way of pending, which stays true while no worker can be reached.
    _S.PLANNED: frozenset({_S.PENDING, _S.RUNNING, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.PAUSING, _S.CANCELLING, _S.COMPLETED, _S.FAILED}),
    _S.PAUSING: frozenset({_S.PAUSED, _S.CANCELLING, _S.COMPLETED, _S.FAILED}),
    _S.PAUSED: frozenset({_S.RUNNING, _S.CANCELLED}),
    _S.CANCELLING: frozenset({_S.CANCELLED}),
    _S.CANCELLED: frozenset(),
    _S.COMPLETED: frozenset(),
    _S.FAILED: frozenset({_S.PENDING}),
}


class PauseReason(StrEnum):
    """Why a job pauses by itself. None for one that a person has paused."""

    CANARY = "canary"  # its first tickets are done, and somebody is to look at them
    BREAKER = "breaker"  # too many of its tickets failed
    RESTORED = (
        "restored"  # the database was restored from a backup, which knows less than has happened
    )


# A job that was asked to stop and waits so long for Zendesk may be forced to.
FORCED_AFTER = timedelta(minutes=5)

OVER = frozenset({_S.COMPLETED, _S.CANCELLED, _S.FAILED})
# Those in which a worker has something to do.
ACTIVE = frozenset({_S.PENDING, _S.PLANNING, _S.RUNNING, _S.PAUSING, _S.CANCELLING})


class Job(Leased, Model):
    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("user_id", "submission_key"),
        Index("ix_jobs_status_wake_at", "status", "wake_at"),
        Index("ix_jobs_user_id_id", "user_id", "id"),
        # Lists go along one of these. It holds all that they are filtered by, so that of 100,000 jobs only those that
        # are shown are read: a row may be long, since its selection comes first.
        Index("ix_jobs_created", "created_at", "id", "status", "tool_slug", "user_id"),
        Index("ix_jobs_user_created", "user_id", "created_at", "id", "status", "tool_slug"),
        Index(
            "ix_jobs_tickets", "total_items", "id", "status", "tool_slug", "user_id", "created_at"
        ),
        Index(
            "ix_jobs_user_tickets",
            *("user_id", "total_items", "id", "status", "tool_slug", "created_at"),
        ),
        # A deleted job's id is never used again: a forgotten worker must not meet another job under it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(
        String(36), unique=True, index=True, default=lambda: str(uuid.uuid4())
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(lazy="joined")
    # One form sent twice is one job: the form's own random key.
    submission_key: Mapped[str | None] = mapped_column(String(36))

    # What was asked for
    tool_slug: Mapped[str] = mapped_column(String(64), index=True)
    operation: Mapped[str] = mapped_column(String(64))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # It may hold 50,000 ids, and so is read only by those who use it.
    selection: Mapped[dict[str, Any]] = mapped_column(JSON(none_as_null=True), deferred=True)
    title: Mapped[str] = mapped_column(String(255))  # “Add vip to Unsolved tickets”
    act_words: Mapped[str] = mapped_column(String(255))  # “Add vip to {tickets}”
    reason: Mapped[str] = mapped_column(Text, default="")
    limit: Mapped[int]
    dry_run: Mapped[bool] = mapped_column(default=True)
    # Indexed, as the one below: deleting a job looks for those that name it.
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("jobs.id", ondelete="SET NULL"), index=True
    )
    parent: Mapped["Job | None"] = relationship(remote_side="Job.id", foreign_keys="Job.parent_id")
    relation: Mapped[str | None] = mapped_column(String(16))

    # How far it is. The counts derive from the ledger and change in the same transaction.
    status: Mapped[str] = mapped_column(String(16), default=JobStatus.PENDING)
    progress: Mapped[int] = mapped_column(default=0)  # 0 to 100
    total_items: Mapped[int] = mapped_column(default=0)
    processed_items: Mapped[int] = mapped_column(default=0)
    planned_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    unchanged_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    failed_count: Mapped[int] = mapped_column(default=0)
    unknown_count: Mapped[int] = mapped_column(default=0)
    not_reached_count: Mapped[int] = mapped_column(default=0)
    to_do: Mapped[int] = mapped_column(default=0)  # tickets that the sealed plan wants to change
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(Text)

    # The plan
    matched: Mapped[int | None]  # how many tickets Zendesk says the selection has
    truncated: Mapped[bool] = mapped_column(default=False)
    plan_cursor: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    plan_digest: Mapped[str | None] = mapped_column(String(64))
    # What the plan relies on beside its tickets, such as a macro's content.
    pinned: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # What the tickets of the sealed plan come to beside their changes, as `services.reach` has it.
    reach: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # When the macro was last touched from which the comments were filled in that wait to be sent, in Zendesk's words.
    filled_in_as_of: Mapped[str | None] = mapped_column(Text)

    # Who works on it, and when to look again
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wait_reason: Mapped[str | None] = mapped_column(String(32))
    wait_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The job whose tickets in flight this one wants too.
    waits_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("jobs.id", ondelete="SET NULL"), index=True
    )
    waits_for: Mapped["Job | None"] = relationship(
        remote_side="Job.id", foreign_keys="Job.waits_for_id"
    )
    setbacks: Mapped[int] = mapped_column(default=0)  # troubles in a row: the next wait is longer
    faults: Mapped[int] = mapped_column(default=0)  # of ours, since it last got on
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # to pause or to cancel
    canary: Mapped[int | None]  # pauses after so many tickets, until a person lets it go on
    pause_reason: Mapped[str | None] = mapped_column(String(16))  # a code of `PauseReason`
    pause_detail: Mapped[str | None] = mapped_column(Text)
    recent: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # for the breaker
    ran_seconds: Mapped[float] = mapped_column(
        Float, default=0.0
    )  # of slices that wrote, without waits
    running_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # in the slice of now

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of the writing
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def __repr__(self) -> str:
        return f"<Job {self.job_id} {self.status}>"

    @property
    def state(self) -> JobStatus:
        return JobStatus(self.status)

    @property
    def is_over(self) -> bool:
        return self.state.is_over

    @property
    def expected_items(self) -> int:
        """How many tickets it has, or will have once its plan is made, as far as that is known."""
        return max(self.total_items, min(self.matched or 0, self.limit))

    @property
    def is_being_planned(self) -> bool:
        """Has it no sealed plan yet?"""
        return self.plan_digest is None and not self.is_over

    @property
    def is_only_planned(self) -> bool:
        """Has nothing been written yet?"""
        return self.started_at is None and not self.is_over

    @property
    def left_out(self) -> list[str]:
        """What bulk cannot do of what was asked for, a sentence for each thing."""
        return list((self.pinned or {}).get("cannot", ()))

    @property
    def remarks(self) -> list[str]:
        """What to know of the account before the plan is started, in sentences."""
        return list((self.pinned or {}).get("remarks", ()))

    @property
    def act(self) -> str:
        """What pressing the button will do, with the number of tickets: “Add vip to 1,240 tickets”."""
        noun = "ticket" if self.planned_count == 1 else "tickets"
        return self.act_words.replace("{tickets}", f"{self.planned_count:,} {noun}")

    @property
    def counts(self) -> dict[str, int]:
        """Tickets by outcome. They sum to `total_items`."""
        return {str(outcome): getattr(self, f"{outcome}_count") for outcome in Outcome}

    def goes_on(self) -> None:
        """Note that it waits for nothing any more, and that its troubles are over."""
        self.setbacks, self.wait_reason, self.wait_until, self.waits_for_id = 0, None, None, None
        self.faults = 0

    def count(self, outcome: Outcome, number: int) -> None:
        """Note that so many more (or fewer) tickets have this outcome."""
        name = f"{outcome}_count"
        setattr(self, name, getattr(self, name) + number)

    def tally(self) -> None:
        """Bring total, processed and progress into line with the counts."""
        self.total_items = sum(self.counts.values())
        self.processed_items = self.total_items - self.planned_count - self.not_reached_count
        planning = self.plan_digest is None
        self.progress = 0 if planning else self._percent()

    @property
    def percent_written(self) -> int:
        """How much of the writing is done, 0 to 100. Tickets that need none do not count as done work."""
        return 100 * self.written // self.to_do if self.to_do else 100

    def _percent(self) -> int:
        return 100 * self.processed_items // self.total_items if self.total_items else 100

    @property
    def written(self) -> int:
        """Tickets of the plan that have been dealt with since the writing began."""
        return self.to_do - self.planned_count - self.not_reached_count

    @property
    def can_be_forced(self) -> bool:
        """Has it been stopping for so long that nobody need wait for Zendesk any more?"""
        stopping = self.state in {JobStatus.PAUSING, JobStatus.CANCELLING}
        return stopping and self.asked_at is not None and self.asked_at <= now() - FORCED_AFTER

    @property
    def running_seconds(self) -> float:
        """How long the writing has taken so far, or took: pauses and waits do not count."""
        if self.running_since is None:
            return self.ran_seconds
        return (
            self.ran_seconds + ((self.completed_at or now()) - self.running_since).total_seconds()
        )

    @property
    def elapsed_seconds(self) -> float:
        """From the start of the writing to its end, or until now, with pauses and waits."""
        if self.started_at is None:
            return 0.0
        return ((self.completed_at or now()) - self.started_at).total_seconds()

    @property
    def idle_seconds(self) -> float:
        """How much of that it waited or was paused."""
        return max(0.0, self.elapsed_seconds - self.running_seconds)

    @property
    def rate_per_minute(self) -> float | None:
        """Tickets dealt with in a minute of writing; None before there is anything to tell from."""
        seconds = self.running_seconds
        return self.written / seconds * 60 if self.written > 0 and seconds > 0 else None

    @property
    def eta_seconds(self) -> int | None:
        """Seconds until the writing is done, at the rate so far; None below 1 % and when nothing runs."""
        rate = self.rate_per_minute
        if self.state is not JobStatus.RUNNING or not rate or self.written * 100 < self.to_do:
            return None
        return round(self.planned_count / rate * 60)
