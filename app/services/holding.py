"""What stands between a plan and its start: what has to be agreed to, what its owner may not do, and an approval."""

from dataclasses import dataclass

from app.models import Job
from app.services import agreeing, approving, permissions
from app.services.permissions import NotPermitted

APPROVAL = "approval"


@dataclass(frozen=True)
class Need:
    """`field` is the one in which it is given, or that it is about; `words` are sentences, for a program: on
    its page, people see each with a field of its own.
    """

    field: str
    words: str


def needs(job: Job) -> list[Need]:
    """What the owner's start of the plan, as it is now, still wants. A plan without any needs only the start."""
    return [*_agreements(job), *_permission(job), *_approval(job)]


def _agreements(job: Job) -> list[Need]:
    return [Need(one.field, one.for_program) for one in agreeing.needed(job)]


def _permission(job: Job) -> list[Need]:
    try:
        permissions.check_start(job.user, job)
    except NotPermitted as error:
        return [Need(error.field or "permission", str(error))]
    return []


def _approval(job: Job) -> list[Need]:
    if not approving.is_missing(job.user, job):
        return []
    record = approving.of(job)
    asked = "It was asked for." if record and record.is_waiting else ""
    return [Need(APPROVAL, f"{approving.why(job.user, job)} {asked}".strip())]
