"""Comments that Zendesk has filled in, kept until they are sent: they need not be asked for again."""

from sqlalchemy import update

from app.extensions import rows_changed
from app.models import Job, JobTicket, Stage
from app.services.engine.lease import Lease, fenced


@fenced
def keep(_lease: Lease, job: Job, texts: dict[int, str]) -> None:
    """Keep the comments that were filled in, by position, for the slice that will send them."""
    for position, words in texts.items():
        row = (JobTicket.position == position, JobTicket.stage == Stage.WAITING)
        rows_changed(
            update(JobTicket).where(JobTicket.job_id == job.id, *row).values(filled_in=words)
        )


@fenced
def forget(_lease: Lease, job: Job, as_of: str | None = None) -> None:
    """Keep none of the comments that were filled in: they may say what nobody has agreed to.

    Those that are kept from now on are filled in from a macro that was last touched at `as_of`.
    """
    drop(job)
    job.filled_in_as_of = as_of


def drop(job: Job) -> None:
    """Let all comments be filled in anew. Part of the caller's transaction."""
    kept = (JobTicket.job_id == job.id, JobTicket.filled_in.is_not(None))
    rows_changed(update(JobTicket).where(*kept).values(filled_in=None))
