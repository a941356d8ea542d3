"""Add or remove tags on many tickets."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired, Length

from app.access import address, me
from app.forms import LimitField, SubmissionKeyField, TagsField, ViewField
from app.services import jobs
from app.services.jobs import Order
from app.services.operations import Change, Reason, Skip, Snapshot, decided, operation
from app.tasks.launching import start
from app.tools import Tool

bp = Blueprint("tag_manager", __name__, url_prefix="/tools/tag-manager")
TOOL = Tool("tag-manager", "Tag manager", "Add tags to many tickets, or remove them.", bp)


@operation("add_tags", reversible="fully", request=lambda tags: {"additional_tags": sorted(tags)})
def add_tags(ticket: Snapshot, *, tags: frozenset[str]) -> Change | Skip:
    """Add those of the tags that the ticket lacks."""
    missing = tags - ticket.tags
    return Change(add_tags=missing) if missing else Skip(Reason.ALREADY_SO)


@operation("remove_tags", reversible="fully", request=lambda tags: {"remove_tags": sorted(tags)})
def remove_tags(ticket: Snapshot, *, tags: frozenset[str]) -> Change | Skip:
    """Remove those of the tags that the ticket has."""
    present = tags & ticket.tags
    return Change(remove_tags=present) if present else Skip(Reason.ALREADY_SO)


@operation("set_tags", reversible="fully")
def set_tags(ticket: Snapshot, *, tags: frozenset[str]) -> Change | Skip:
    """Let the ticket have these tags and no others.

    Each ticket is sent its own difference with its stamp, so that one which moved since the plan keeps what it got
    meanwhile. That form does not reach closed tickets.
    """
    change = Change.making(ticket, tags=tags)
    if ticket.status == "closed" and not change.is_empty:
        return Skip(Reason.CLOSED)
    return decided(change)


class TagForm(FlaskForm):
    operation = RadioField(
        "What to do",
        [InputRequired("Choose what to do.")],
        choices=[SelectChoice("add_tags", "Add tags"), SelectChoice("remove_tags", "Remove tags")],
        default="add_tags",
    )
    tags = TagsField("Tags")
    view = ViewField("View")
    limit = LimitField("At most", default=TOOL.default_limit, most=TOOL.max_limit)
    reason = StringField("Why (optional)", [Length(max=500, message="At most 500 characters.")])
    submission_key = SubmissionKeyField()

    def order(self) -> Order:
        tags = self.tags.data
        verb, joint = ("Add", "to") if self.operation.data == "add_tags" else ("Remove", "from")
        what = f"{verb} {_named(tags)} {joint}"
        return Order(
            tool_slug=TOOL.slug,
            operation=self.operation.data,
            arguments={"tags": list(tags)},
            selection={"view_id": self.view.data},
            title=_short(f"{what} {self.view.title}"),
            act_words=f"{what} {{tickets}}",
            limit=self.limit.data or TOOL.default_limit,
            reason=(self.reason.data or "").strip(),
            submission_key=self.submission_key.data,
        )


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = TagForm()
    if not form.validate_on_submit():
        return render_template("tools/tag_manager.html", form=form, tool=TOOL), _status(form)
    job = jobs.create(me(), form.order(), address())
    start(job.job_id)
    return redirect(url_for("jobs.show", job_id=job.job_id))


def _named(tags: list[str]) -> str:
    """The tags in a few words: the first three, none of them long."""
    named = ", ".join(_short(tag, 60) for tag in tags[:3])
    return named if len(tags) <= 3 else f"{named} and {len(tags) - 3} more"


def _short(text: str, most: int = 255) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _status(form: Any) -> int:
    return 422 if form.errors else 200
