"""What issues say of themselves, after their tickets: how many, whose, since when, and in which words."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, update

from app.extensions import db
from app.models import Issue, IssueTicket, MirroredTicket
from app.models.issue import LONGEST_LABEL

if TYPE_CHECKING:  # what it comes from brings scikit-learn, which the web app is to start without
    from app.services.insights.clustering.naming import Name

GROWN = 2
ALIKE_FROM, MOST_ALIKE = 0.3, 5


class Count(NamedTuple):
    ticket_count: int = 0
    requester_count: int = 0
    organization_count: int = 0
    first_seen: datetime | None = None
    last_seen: datetime | None = None


def recount(issue_ids: Sequence[int]) -> None:
    """Let these issues say how many tickets and customers they have now. The caller commits."""
    wanted = (
        select(
            IssueTicket.issue_id,
            func.count(),
            func.count(MirroredTicket.requester_id.distinct()),
            func.count(MirroredTicket.organization_id.distinct()),
            func.min(MirroredTicket.created_at),
            func.max(MirroredTicket.created_at),
        )
        .join(MirroredTicket, MirroredTicket.id == IssueTicket.ticket_id)
        .where(IssueTicket.issue_id.in_(issue_ids), MirroredTicket.deleted.is_(False))
        .group_by(IssueTicket.issue_id)
    )
    found = {row[0]: Count(*row[1:]) for row in db.session.execute(wanted)}
    for issue in db.session.scalars(select(Issue).where(Issue.id.in_(issue_ids))):
        count = found.get(issue.id, Count())
        seen = (count.first_seen or issue.first_seen, count.last_seen or issue.last_seen)
        for name, value in count._replace(first_seen=seen[0], last_seen=seen[1])._asdict().items():
            setattr(issue, name, value)


def has_grown(issue: Issue) -> bool:
    """Is it so much larger than when it was last described that its words may be others by now?"""
    return issue.ticket_count > 0 and issue.ticket_count >= GROWN * issue.named_at_count


def put(issue: Issue, name: "Name | None") -> None:
    """Let it be called so. A label that a person gave stays."""
    if name is None:
        return
    if not issue.renamed_by_person:
        issue.label = name.label[:LONGEST_LABEL]
    issue.phrases, issue.quoted_ticket_ids = name.phrases, name.quoted


def note_alike(issues: Sequence[Issue], alike: dict[int, list[tuple[int, float]]]) -> None:
    """Propose what people may want to merge."""
    for issue in issues:
        issue.alike = [
            {"issue_id": other, "similarity": similarity}
            for other, similarity in alike.get(issue.id, [])
        ]


def bring_home() -> None:
    """Put tickets that joined an issue while it was being merged where the others went. The caller commits."""
    merged = select(Issue.id, Issue.merged_into_id).where(
        Issue.merged_into_id.is_not(None),
        select(IssueTicket.ticket_id).where(IssueTicket.issue_id == Issue.id).exists(),
    )
    for issue_id, into_id in db.session.execute(merged).all():
        db.session.execute(
            update(IssueTicket)
            .where(IssueTicket.issue_id == issue_id)
            .values(issue_id=into_id)
            .execution_options(synchronize_session=False)
        )
