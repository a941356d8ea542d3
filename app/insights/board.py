"""The board of issues: looked through by its address, and taken away as a file."""

from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request, url_for

from app import asked
from app.extensions import db
from app.insights import bp
from app.models import Issue
from app.services.insights import board, outliers
from app.services.insights.issue_search import (
    MOST_CHARACTERS,
    SEVERITIES,
    STATES,
    Dismissed,
    Search,
    Sort,
)
from app.services.insights.spark import Spark

DAYS = 30  # that a line in the list shows


@dataclass(frozen=True)
class Wanted:
    """What the address asks for, with a sentence for each part of it that means nothing."""

    search: Search
    odd: list[str]

    @property
    def told(self) -> dict[str, str]:
        """The same as an address tells it, without what is usual."""
        search = self.search
        return asked.told(
            {
                "text": search.text,
                "state": search.state,
                "severity": search.severity,
                "dismissed": search.dismissed,
                "from": search.since,
                "to": search.until,
                "sort": None if search.sort is Sort.TICKETS else search.sort,
            }
        )

    def address(self, **more: Any) -> str:
        told: dict[str, Any] = asked.told(self.told | more)
        return url_for("issues.index", **told)


@bp.get("")
def index() -> str:
    wanted = _wanted()
    listed = board.page(wanted.search, after=_place("after"), before=_place("before"))
    volumes = board.volumes([issue.id for issue in listed.items], DAYS)
    counts = board.counts(wanted.search)
    return render_template(
        "issues/index.html",
        wanted=wanted,
        search=wanted.search,
        listed=listed,
        sparks={issue_id: Spark(numbers) for issue_id, numbers in volumes.items()},
        counts=counts,
        states=[one for one in STATES if one in counts or one == wanted.search.state],
        severities=SEVERITIES,
        alone=outliers.count(),
        has_tickets=bool(listed.items) or board.has_tickets(),
    )


@bp.get("/export.csv")
def export_csv() -> Response:
    """All that the board would show. It is read while it is sent, without this request's transaction."""
    response = Response(board.as_csv(_wanted().search))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="giga-tools-issues.csv"'
    db.session.rollback()
    return response


def _wanted() -> Wanted:
    days = asked.days("issue")
    search = Search(
        text=" ".join(request.args.get("text", "").split())[:MOST_CHARACTERS],
        state=asked.choice("state", STATES),
        severity=asked.choice("severity", SEVERITIES),
        dismissed=asked.choice("dismissed", Dismissed),
        since=days.since,
        until=days.until,
        sort=asked.choice("sort", Sort) or Sort.TICKETS,
    )
    return Wanted(search, days.odd)


def _place(name: str) -> Issue | None:
    return board.by_key(request.args[name]) if request.args.get(name) else None
