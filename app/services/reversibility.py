"""Whether what a job does can be undone, which is said before it runs and before it is undone."""

from app.models import Job
from app.services import operations
from app.services.operations import UnknownOperation


def reversible(job: Job) -> str | None:
    """Fully, partly or not, as the job's own plan says or else its operation. None where nobody knows any more."""
    pinned = job.pinned or {}
    try:
        return pinned.get("reversible") or operations.named(job.operation).reversible
    except UnknownOperation:
        return None


def stays(job: Job) -> list[str]:
    """What cannot be undone, in sentences, as far as the job's plan says it."""
    return (job.pinned or {}).get("stays", [])
