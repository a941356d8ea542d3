"""Selections: which tickets a job is about, read from Zendesk page by page.

A job keeps its selection as JSON: `{"view_id": 1}`, `{"view_ids": [1, 2]}`, `{"search": "status<solved"}`,
`{"ticket_ids": [1, 2]}`, `{"issue_key": "…"}` or `{"job_id": "…", "outcomes": ["failed"]}`, which may have `reasons`,
`details` and `ticket_ids` besides, for a part of those.
"""

from typing import Any

from app.services.selections.issue import OfIssue
from app.services.selections.numbers import Numbers
from app.services.selections.outcome import MAY_HAVE_THE_COMMENT, OfOutcome, never_again
from app.services.selections.page import Selection, SelectionGone, SelectionPage
from app.services.selections.search import Search
from app.services.selections.views import Views

__all__ = [
    "MAY_HAVE_THE_COMMENT",
    "OfIssue",
    "OfOutcome",
    "Selection",
    "SelectionGone",
    "SelectionPage",
    "never_again",
    "of",
]


def of(kept: dict[str, Any]) -> Selection:
    """The selection that is kept as this JSON."""
    match kept:
        # First, since it may have ids as well.
        case {"job_id": job_id, "outcomes": outcomes, **narrower}:
            return OfOutcome(job_id, outcomes, **narrower)
        case {"view_id": view_id}:
            return Views([view_id])
        case {"view_ids": view_ids}:
            return Views(view_ids)
        case {"search": query}:
            return Search(query)
        case {"ticket_ids": ticket_ids}:
            return Numbers(ticket_ids)
        case {"issue_key": key}:
            return OfIssue(key)
        case _:
            raise ValueError(f"no kind of selection has {sorted(kept)}")
