"""What people decide about issues: another name, one issue out of two, two out of one, not ours, other tickets.

Their word outlasts clustering, which renames no issue that a person named, moves no ticket that has a place, and
neither merges issues nor brings one back. Each decision is noted in the history of the issue and in the audit log. The
caller commits, within `writing()`.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select, update

from app.database import now
from app.extensions import db, rows_changed
from app.models import Decided, Issue, IssueDecision, IssueTicket, MirroredTicket, User
from app.models.issue import LONGEST_LABEL
from app.services import audit
from app.services.insights import tending
from app.services.insights.clustering.words import cleaned

MOST_TICKETS = 10_000  # that a person moves at once
_AT_ONCE = 500
_CERTAIN = 1.0  # how near a ticket is that a person put there


class NotDecided(ValueError):
    """Its message says why nothing was changed."""


def rename(issue: Issue, label: str, user: User, address: str = "") -> None:
    """Call it so from now on. Raises NotDecided."""
    label, before = _checked_label(label), issue.label
    _check_is_there(issue)
    issue.label, issue.renamed_by_person = label, True
    _note(issue, Decided.RENAMED, user, before=before, after=label)
    audit.record(user, "issue.rename", issue.key, address, before=before, after=label)


def merge(issue: Issue, into: Issue, user: User, address: str = "") -> None:
    """Let all tickets of the first belong to the second, and those that come to be like them. Raises NotDecided."""
    _check_is_there(issue)
    _check_is_there(into)
    if issue.id == into.id:
        raise NotDecided("An issue cannot be merged into itself. Nothing was changed.")
    moved = rows_changed(
        update(IssueTicket).where(IssueTicket.issue_id == issue.id).values(issue_id=into.id)
    )
    earlier = update(Issue).where(Issue.merged_into_id == issue.id).values(merged_into_id=into.id)
    rows_changed(earlier)
    issue.merged_into_id, issue.alike, into.named_at_count = into.id, [], 0
    into.alike = [one for one in into.alike if one["issue_id"] != issue.id]
    told = {"from": issue.key, "into": into.key, "tickets": moved}
    _note(issue, Decided.MERGED, user, **told)
    _note(into, Decided.MERGED, user, **told)
    audit.record(user, "issue.merge", issue.key, address, into=into.key, tickets=moved)
    _recount(issue, into)


def split(
    issue: Issue, ticket_ids: Collection[int], user: User, label: str = "", address: str = ""
) -> Issue:
    """Make a new issue of these tickets of the issue. Later tickets join whichever is nearer. Raises NotDecided."""
    _check_is_there(issue)
    chosen = _chosen(ticket_ids)
    theirs = _count(IssueTicket.issue_id == issue.id, chosen)
    if theirs != len(chosen):
        raise NotDecided(
            f"{len(chosen) - theirs:,} of these tickets are not in this issue any more. Nothing was changed."
        )
    if _count(IssueTicket.issue_id == issue.id) == theirs:
        raise NotDecided("These are all of its tickets: rename the issue instead.")
    new = Issue(
        label=_checked_label(label) if label.strip() else _label_of(chosen[0], issue),
        renamed_by_person=bool(label.strip()),
        state="new",
    )
    db.session.add(new)
    db.session.flush()
    _put(chosen, new.id)
    issue.named_at_count = 0
    told = {"from": issue.key, "into": new.key, "tickets": len(chosen)}
    _note(issue, Decided.SPLIT, user, **told)
    _note(new, Decided.SPLIT, user, **told)
    audit.record(user, "issue.split", issue.key, address, into=new.key, tickets=len(chosen))
    _recount(issue, new)
    return new


def dismiss(issue: Issue, user: User, address: str = "") -> None:
    """Hide it until a person restores it: new tickets join it all the same, and raise no alarm."""
    _check_is_there(issue)
    if issue.dismissed_at is None:
        issue.dismissed_at = now()
        _note(issue, Decided.DISMISSED, user, tickets=issue.ticket_count)
        audit.record(user, "issue.dismiss", issue.key, address, label=issue.label)


def restore(issue: Issue, user: User, address: str = "") -> None:
    """Show it again."""
    _check_is_there(issue)
    if issue.dismissed_at is not None:
        issue.dismissed_at = None
        _note(issue, Decided.RESTORED, user, tickets=issue.ticket_count)
        audit.record(user, "issue.restore", issue.key, address, label=issue.label)


def move(ticket_ids: Collection[int], issue: Issue | None, user: User, address: str = "") -> None:
    """Put these tickets into the issue, for good; None: into no issue. Raises NotDecided."""
    if issue is not None:
        _check_is_there(issue)
    chosen = _chosen(ticket_ids)
    left = _issues_of(chosen)
    _put(chosen, issue.id if issue else None)
    concerned = {one.id: one for one in [*left, *([issue] if issue else [])]}.values()
    into = issue.key if issue else "none"
    for one in concerned:
        _note(one, Decided.TICKETS_MOVED, user, tickets=len(chosen), into=into)
    audit.record(user, "issue.move_tickets", into, address, tickets=len(chosen))
    _recount(*concerned)


def history(issue: Issue) -> Sequence[IssueDecision]:
    """What was decided about it, the latest first."""
    rows = select(IssueDecision).where(IssueDecision.issue_id == issue.id)
    return db.session.scalars(rows.order_by(IssueDecision.id.desc())).all()


def _check_is_there(issue: Issue) -> None:
    if issue.merged_into_id is not None:
        raise NotDecided("This issue was merged into another meanwhile. Nothing was changed.")


def _checked_label(label: str) -> str:
    label = " ".join(label.replace("\0", " ").split())
    if not label or len(label) > LONGEST_LABEL:
        raise NotDecided(f"Type a name of 1 to {LONGEST_LABEL} characters.")
    return label


def _chosen(ticket_ids: Collection[int]) -> list[int]:
    """The ids, each once. All of them are of tickets that we have."""
    chosen = sorted(set(ticket_ids))
    if not chosen or len(chosen) > MOST_TICKETS:
        raise NotDecided(f"Choose 1 to {MOST_TICKETS:,} tickets.")
    wanted = select(func.count()).select_from(MirroredTicket)
    known = sum(
        db.session.scalar(wanted.where(MirroredTicket.id.in_(some), ~MirroredTicket.deleted)) or 0
        for some in _in_parts(chosen)
    )
    if known != len(chosen):
        raise NotDecided(
            f"{len(chosen) - known:,} of these tickets are not there. Nothing was changed."
        )
    return chosen


def _count(condition: Any, chosen: Sequence[int] | None = None) -> int:
    wanted = select(func.count()).select_from(IssueTicket).where(condition)
    if chosen is None:
        return db.session.scalar(wanted) or 0
    parts = (wanted.where(IssueTicket.ticket_id.in_(some)) for some in _in_parts(chosen))
    return sum(db.session.scalar(part) or 0 for part in parts)


def _label_of(ticket_id: int, issue: Issue) -> str:
    subject = db.session.scalar(
        select(MirroredTicket.subject).where(MirroredTicket.id == ticket_id)
    )
    return (cleaned(subject or "") or f"Part of {issue.label}")[:LONGEST_LABEL]


def _issues_of(chosen: Sequence[int]) -> list[Issue]:
    found: dict[int, Issue] = {}
    for some in _in_parts(chosen):
        ids = select(IssueTicket.issue_id).where(IssueTicket.ticket_id.in_(some))
        rows = db.session.scalars(select(Issue).where(Issue.id.in_(ids)))
        found.update((issue.id, issue) for issue in rows)
    return list(found.values())


def _put(chosen: Sequence[int], issue_id: int | None) -> None:
    at = now()
    same = {
        "issue_id": issue_id,
        "similarity": _CERTAIN,
        "joined_at": at,
        "placed_by_person": True,
    }
    for some in _in_parts(chosen):
        rows_changed(update(IssueTicket).where(IssueTicket.ticket_id.in_(some)).values(**same))
        placed = set(
            db.session.scalars(select(IssueTicket.ticket_id).where(IssueTicket.ticket_id.in_(some)))
        )
        db.session.add_all(IssueTicket(ticket_id=one, **same) for one in some if one not in placed)
        db.session.flush()


def _in_parts(chosen: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(chosen), _AT_ONCE):
        yield chosen[first : first + _AT_ONCE]


def _note(issue: Issue, decided: Decided, user: User, **detail: Any) -> None:
    row = IssueDecision(issue_id=issue.id, actor=user.email, decided=decided, detail=detail)
    db.session.add(row)


def _recount(*issues: Issue) -> None:
    db.session.flush()
    tending.recount([issue.id for issue in issues])
