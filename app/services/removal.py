"""Deleting several jobs at once: what goes with them, and doing so."""

import time
from dataclasses import dataclass

from app.extensions import db
from app.models import Job, User
from app.services import job_list, jobs, reversal

# On SQLite whoever deletes keeps all others from writing, for 0.4 s with 50,000 tickets. So each job is a transaction
# of its own, and after a large one the others get their turn.
LARGE = 5000  # tickets
BREATH_SECONDS = 0.1


@dataclass(frozen=True)
class Removal:
    """Jobs that are over and so can go, and those that cannot."""

    going: list[Job]
    staying: list[Job]

    @property
    def tickets(self) -> int:
        """How many results go with them."""
        return sum(job.total_items for job in self.going)

    @property
    def undoable(self) -> int:
        """How many of them could still be undone, at least in part."""
        return sum(can_be_undone(job) for job in self.going)


@dataclass(frozen=True)
class Removed:
    """How many are gone, and how many were left since they are not over."""

    gone: int
    left: int


def look(user: User, job_ids: list[str]) -> Removal:
    """What deleting these would do. Jobs that the user may not see are not among them."""
    found = job_list.named(user, job_ids)
    return Removal(
        going=[job for job in found if job.is_over],
        staying=[job for job in found if not job.is_over],
    )


def remove(user: User, job_ids: list[str], address: str = "") -> Removed:
    """Delete those of the jobs that are over. Commits after each, so that an end halfway leaves whole jobs."""
    gone = left = 0
    for job_id in job_ids:
        for job in job_list.named(user, [job_id]):
            size = job.total_items
            if jobs.delete(job, user, address):
                gone += 1
            else:
                left += 1
            db.session.commit()
            if size > LARGE:
                time.sleep(BREATH_SECONDS)
    return Removed(gone, left)


def can_be_undone(job: Job) -> bool:
    known = reversal.of(job) if job.changed_count else None
    return known is not None and known.extent != "not"
