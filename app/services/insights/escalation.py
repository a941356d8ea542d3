"""Telling admins and programs that an issue escalates."""

from datetime import datetime

from app.models import EventName, Issue
from app.services.insights.baseline import Change, Confidence
from app.services.notices import events


def note(issue: Issue, jump: Change, at: datetime) -> None:
    """Note it, once for each time that it begins. Part of the caller's transaction.

    A label that no person gave is made of customers' words, and stays here.
    """
    name = issue.label if issue.renamed_by_person else None
    title = f"issue {f'“{name}”' if name else issue.key} is escalating"
    facts = {
        "key": issue.key,
        "label": name,
        "severity": issue.severity,
        "judged_until": at.isoformat(),
        "hours": jump.hours,
        "tickets": jump.volume,
        "usual": round(jump.expected, 1),
        "change_percent": jump.percent,
        "confidence": str(jump.confidence),
        "tickets_in_all": issue.ticket_count,
        "customers_in_all": issue.requester_count,
    }
    advice = "Open the issue to see its tickets, and what can be done for all of them at once:"
    events.note_news(EventName.ESCALATING, title, _words(issue, name, jump, at), advice, **facts)


def _words(issue: Issue, name: str | None, jump: Change, at: datetime) -> str:
    usual = f"{jump.expected:,.1f}".removesuffix(".0")
    by = "in the same hours of the weeks before"
    if jump.confidence is Confidence.LOW:
        by = "on the average so far, which is not sure yet, since its tickets are known for less than four weeks"
    return (
        f"Of the issue {f'“{name}” ({issue.key})' if name else issue.key} {jump.volume:,} tickets came in the "
        f"{jump.hours} hours until {at:%d %b %Y, %H:%M} UTC; usual {'is' if usual == '1' else 'are'} {usual}, {by}. "
        f"In all it has {issue.ticket_count:,} tickets of {issue.requester_count:,} "
        f"{'customer' if issue.requester_count == 1 else 'customers'}."
    )
