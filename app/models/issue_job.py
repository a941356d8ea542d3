"""Which jobs were made of an issue's tickets, so that its page can tell what was done about it."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class IssueJob(Model):
    """It goes with the job. Later jobs that follow from that one, such as its undo, are found on its page."""

    __tablename__ = "issue_jobs"

    job_id: Mapped[int] = mapped_column(
        ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
