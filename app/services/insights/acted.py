"""Which jobs acted on an issue."""

from sqlalchemy import or_, select

from app.extensions import db
from app.models import Issue, IssueJob, Job, User
from app.services import job_list

MOST_SHOWN = 10


def note(job: Job, key: str) -> None:
    """Remember that the job is about the tickets of the issue with this key. The caller commits."""
    issue_id = db.session.scalar(select(Issue.id).where(Issue.key == key))
    if issue_id is not None:
        db.session.add(IssueJob(job_id=job.id, issue_id=issue_id))


def jobs_of(issue: Issue, user: User) -> list[Job]:
    """Those that the person may see, the latest first; also of issues that were merged into this one."""
    its_own = or_(Issue.id == issue.id, Issue.merged_into_id == issue.id)
    about = select(IssueJob.job_id).join(Issue, Issue.id == IssueJob.issue_id).where(its_own)
    rows = job_list.visible_to(user).where(Job.id.in_(about))
    return list(db.session.scalars(rows.order_by(Job.id.desc()).limit(MOST_SHOWN)))
