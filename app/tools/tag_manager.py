"""Add or remove tags on many tickets."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired

from app.forms.fields import LimitField, TagsField
from app.services.jobs import Order
from app.services.operations import Change, Reason, Skip, Snapshot, decided, operation
from app.tools import Tool, ToolForm, form_page, order_each, shortened

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


@operation(
    "set_tags", reversible="fully", harm="All the tags that these tickets have are replaced."
)
def set_tags(ticket: Snapshot, *, tags: frozenset[str]) -> Change | Skip:
    """Let the ticket have these tags and no others.

    Each ticket is sent its own difference with its stamp, so that one which moved since the plan keeps what it got
    meanwhile. That form does not reach closed tickets.
    """
    change = Change.making(ticket, tags=tags)
    if ticket.status == "closed" and not change.is_empty:
        return Skip(Reason.CLOSED)
    return decided(change)


class TagForm(ToolForm):
    operation = RadioField(
        "What to do",
        [InputRequired("Choose what to do.")],
        choices=[SelectChoice("add_tags", "Add tags"), SelectChoice("remove_tags", "Remove tags")],
        default="add_tags",
    )
    tags = TagsField("Tags")
    limit = LimitField("At most", default=TOOL.default_limit, most=TOOL.max_limit)

    def orders(self) -> list[Order]:
        tags = self.tags.data
        verb, joint = ("Add", "to") if self.operation.data == "add_tags" else ("Remove", "from")
        what = f"{verb} {_named(tags)} {joint}"
        return order_each(
            TOOL, self, what, operation=self.operation.data, arguments={"tags": list(tags)}
        )


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    return form_page(TOOL, TagForm(), "tools/tag_manager.html")


def _named(tags: list[str]) -> str:
    """The tags in a few words: the first three, none of them long."""
    named = ", ".join(shortened(tag, 60) for tag in tags[:3])
    return named if len(tags) <= 3 else f"{named} and {len(tags) - 3} more"
