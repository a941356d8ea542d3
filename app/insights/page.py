"""The page of an issue."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import asked
from app.access import me
from app.insights import bp
from app.models import Issue
from app.services import connection, permissions
from app.services.insights import acted, board, contents, deciding
from app.services.insights.spark import Spark
from app.services.insights.trend import Trend

DAYS = 90


@bp.get("/<key>")
def show(key: str) -> ResponseReturnValue:
    """One that was merged leads to where its tickets went."""
    issue = issue_or_404(key)
    into = board.where_it_went(issue)
    if into is not issue:
        return redirect(url_for("issues.show", key=into.key))
    numbers = board.volumes([issue.id], DAYS)[issue.id]
    listed = contents.tickets(
        issue, after=asked.zendesk_id("after"), before=asked.zendesk_id("before")
    )
    return render_template(
        "issues/show.html",
        issue=issue,
        spark=Spark(numbers),
        trend=Trend.until_now(numbers),
        quotes=contents.quotes(issue),
        organisations=contents.organisations(issue),
        alike=contents.alike(issue),
        listed=listed,
        history=deciding.history(issue),
        actions=[tool for tool in permissions.usable(me()) if tool.makes_jobs],
        jobs=acted.jobs_of(issue, me()),
        ticket_url=connection.ticket_urls(),
    )


def issue_or_404(key: str) -> Issue:
    return board.by_key(key) or abort(404)
