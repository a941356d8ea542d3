"""What somebody chose, by a form or by a program: as a job keeps it, and what it is called."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.models import Issue, Job
from app.services.selections import OfIssue, OfOutcome, never_again

LONGEST_SEARCH = 1_000  # characters
MOST_VIEWS = 20


class Chosen(NamedTuple):
    """A selection as a job keeps it, and what it is called."""

    selection: dict[str, Any]
    words: str


def of_view(view_id: int, title: str) -> Chosen:
    return Chosen({"view_id": view_id}, title)


def of_views(titles: dict[int, str]) -> Chosen:
    """Of one view, or of several together."""
    if len(titles) == 1:
        return of_view(*next(iter(titles.items())))
    first, more = next(iter(titles.values())), len(titles) - 1
    words = f"{first} and {more} more view{'s' if more > 1 else ''}"
    return Chosen({"view_ids": list(titles)}, words)


def of_search(query: str) -> Chosen:
    return Chosen({"search": query}, f"tickets found by “{query}”")


def of_ids(ids: Sequence[int]) -> Chosen:
    words = f"ticket {ids[0]}" if len(ids) == 1 else f"{len(ids):,} tickets by number"
    return Chosen({"ticket_ids": list(ids)}, words)


def of_job(job: Job, outcomes: Sequence[str]) -> Chosen:
    kept = {"job_id": job.job_id, "outcomes": list(outcomes)}
    number = OfOutcome(**kept).number()
    noun = "ticket" if number == 1 else "tickets"
    return Chosen(kept, f"{number:,} {noun} of “{job.title}”")


def of_issue(issue: Issue) -> Chosen:
    number = OfIssue(issue.key).number()
    noun = "ticket" if number == 1 else "tickets"
    return Chosen({"issue_key": issue.key}, f"{number:,} {noun} of the issue “{issue.label}”")


def trouble_with_search(query: str) -> str:
    """Why this is not searched for, as a sentence; empty if it may be."""
    if not query:
        return "Type what to search for."
    if len(query) > LONGEST_SEARCH:
        return f"At most {LONGEST_SEARCH:,} characters."
    if any(word.casefold().startswith("type:") for word in query.split()):
        return "Leave out “type:”. Only tickets are searched for."
    return ""


def trouble_with_outcomes(job: Job, outcomes: Sequence[str]) -> str:
    """Why the job has no ticket to take up, as a sentence; empty if it has some."""
    if OfOutcome(job.job_id, list(outcomes)).number():
        return ""
    if never_again(job):
        return "Those tickets may have got a comment already, so they are left out. Choose other results too."
    return "The job has no ticket with this result."
