"""What people decide about an issue: its name, whether it is one with another, two, or none of ours."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import asked
from app.access import address, me
from app.extensions import db
from app.insights import bp
from app.insights.page import issue_or_404
from app.models import Issue
from app.models.issue import LONGEST_KEY
from app.services.insights import board, contents, deciding
from app.services.insights.contents import TICKETS_A_PAGE
from app.services.insights.deciding import NotDecided


@bp.post("/<key>/rename")
def rename(key: str) -> ResponseReturnValue:
    issue, label = issue_or_404(key), request.form.get("label", "")
    if _decided(deciding.rename, issue, label):
        flash("The issue is called so from now on. No night changes that.", "success")
    return _page_of(issue)


@bp.post("/<key>/dismiss")
def dismiss(key: str) -> ResponseReturnValue:
    issue = issue_or_404(key)
    if _decided(deciding.dismiss, issue):
        flash(
            "Dismissed. The list leaves it out, and it raises no alarm, until somebody restores it.",
            "success",
        )
    return _page_of(issue)


@bp.post("/<key>/restore")
def restore(key: str) -> ResponseReturnValue:
    issue = issue_or_404(key)
    if _decided(deciding.restore, issue):
        flash("Restored. The issue is in the list again.", "success")
    return _page_of(issue)


@bp.get("/<key>/merge")
def ask_to_merge(key: str) -> ResponseReturnValue:
    """Says what a merge would do, before it is done."""
    issue, into = issue_or_404(key), _into(request.args.get("into", ""))
    if into is None or into is issue:
        flash("Choose another issue: paste the address of its page, or type its key.", "warning")
        return _page_of(issue)
    return render_template("issues/merge.html", issue=issue, into=into)


@bp.post("/<key>/merge")
def merge(key: str) -> ResponseReturnValue:
    issue, into = issue_or_404(key), _into(request.form.get("into", ""))
    if into is None:
        flash("There is no such issue. Nothing was changed.", "danger")
        return _page_of(issue)
    if not _decided(deciding.merge, issue, into):
        return _page_of(issue)
    flash("Merged. The old address leads here.", "success")
    return _page_of(into)


@bp.get("/<key>/split")
def ask_to_split(key: str) -> ResponseReturnValue:
    """Says which tickets would leave, before they do."""
    issue = issue_or_404(key)
    ticked = asked.zendesk_ids(request.args, "ticket")[:TICKETS_A_PAGE]
    leaving = contents.named(issue, ticked)
    if not leaving:
        flash("Tick the tickets that are to be an issue of their own.", "warning")
        return _page_of(issue)
    return render_template("issues/split.html", issue=issue, leaving=leaving)


@bp.post("/<key>/split")
def split(key: str) -> ResponseReturnValue:
    issue = issue_or_404(key)
    tickets = asked.zendesk_ids(request.form, "ticket")[:TICKETS_A_PAGE]
    label = request.form.get("label", "")
    new = _decided(deciding.split, issue, tickets, label=label)
    if not new:
        return _page_of(issue)
    flash("Split. This is the new issue; the others are where they were.", "success")
    return _page_of(new)


def _decided(decide: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    """What it gives, or True; False where nothing was changed, and why not is told on the next page."""
    try:
        result = decide(*arguments, user=me(), address=address(), **more)
        db.session.commit()
    except NotDecided as error:
        db.session.rollback()
        flash(str(error), "danger")
        return False
    return result or True


def _into(typed: str) -> Issue | None:
    """The issue of this key, or of the page with this address, that is not merged itself."""
    key = typed.strip().rstrip("/").rpartition("/")[2][:LONGEST_KEY]
    found = board.by_key(key) if key else None
    return found and board.where_it_went(found)


def _page_of(issue: Issue) -> ResponseReturnValue:
    return redirect(url_for("issues.show", key=issue.key))
