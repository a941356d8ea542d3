"""How much of a job can be undone, which is said before it is started."""

from app.models import Job
from app.services import operations
from app.services.macros import Reversal
from app.services.operations import UnknownOperation

SENTENCES = {
    "fully": "All that this job changes can be undone afterwards, on tickets that nobody has changed again.",
    "partly": "Only a part of what this job does can be undone afterwards.",
    "not": "Nothing of what this job does can be undone afterwards.",
}


def of(job: Job) -> Reversal | None:
    """As the plan itself says, where it does; else as the operation does. None if no tool knows it any more."""
    pinned = job.pinned or {}
    if "reversible" in pinned:
        return Reversal(pinned["reversible"], tuple(pinned.get("stays", ())))
    try:
        return Reversal(operations.named(job.operation).reversible)
    except UnknownOperation:
        return None


def sentence(job: Job) -> str:
    """In words, with what stays. Empty if nothing is known."""
    reversal = of(job)
    return " ".join((SENTENCES[reversal.extent], *reversal.why)) if reversal else ""
