"""Add, remove, rename or set tags on many tickets."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ConfigDict
from pydantic import Field as Sent
from wtforms import BooleanField, Field, RadioField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import InputRequired, ValidationError

from app import asked
from app.access import me
from app.forms.chosen import LONGEST_SEARCH, MOST_VIEWS
from app.forms.fields import LimitField, OnlyIf, TagField, TagsField
from app.forms.program import OneTag, Refused
from app.forms.selection import IDS, ISSUE, SEARCH, VIEW
from app.models.issue import LONGEST_KEY
from app.services import allowance, bound_tags, operations, permissions, tag_suggestions
from app.services.jobs import Order
from app.services.operations import Change, Reason, Skip, Snapshot, decided, operation
from app.services.permissions import NotPermitted
from app.services.tag_suggestions import Suggestions
from app.services.tags import LONGEST, MOST
from app.services.ticket_ids import parse_ids
from app.tools import (
    ProgramOrder,
    Tool,
    ToolForm,
    form_page,
    order_each,
    order_for,
    shortened,
)
from app.zendesk.client import PAGE, Client

bp = Blueprint("tag_manager", __name__, url_prefix="/tools/tag-manager")
ADD, REMOVE, RENAME, SET = "add_tags", "remove_tags", "rename_tag", "set_tags"


@operation("add_tags", reversible="fully", request=lambda tags: {"additional_tags": sorted(tags)})
def add_tags(ticket: Snapshot, *, tags: frozenset[str]) -> Change | Skip:
    """Add those of the tags that the ticket lacks."""
    missing = tags - ticket.tags
    return Change(add_tags=missing) if missing else Skip(Reason.ALREADY_SO)


def _of_removed(client: Client, *, tags: frozenset[str]) -> list[str]:
    return bound_tags.remarks(client, tags)


@operation(
    "remove_tags",
    reversible="fully",
    request=lambda tags: {"remove_tags": sorted(tags)},
    remarks=_of_removed,
)
def remove_tags(ticket: Snapshot, *, tags: frozenset[str]) -> Change | Skip:
    """Remove those of the tags that the ticket has."""
    present = tags & ticket.tags
    return Change(remove_tags=present) if present else Skip(Reason.ALREADY_SO)


def _of_renamed(client: Client, *, old: str, new: str) -> list[str]:
    return bound_tags.remarks(client, [old])


@operation(
    "rename_tag",
    reversible="fully",
    request=lambda old, new: {"additional_tags": [new], "remove_tags": [old]},
    remarks=_of_renamed,
)
def rename_tag(ticket: Snapshot, *, old: str, new: str) -> Change | Skip:
    """Replace the one tag by the other. A ticket without it is left alone; one that has both only loses it."""
    if old not in ticket.tags:
        return Skip(Reason.ALREADY_SO)
    return Change(add_tags=frozenset({new}) - ticket.tags, remove_tags=frozenset({old}))


def _of_replaced(client: Client, *, tags: frozenset[str]) -> list[str]:
    return bound_tags.remarks_on_all(client)


@operation(
    "set_tags",
    reversible="fully",
    remarks=_of_replaced,
    harm="All the tags that these tickets have now are replaced.",
    requires_admin=True,
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


def _example(operation: str, **task: Any) -> ConfigDict:
    usual = {"selection": {"view_id": 360002}, "limit": 500, "dry_run": True}
    sent = {"tool": "tag-manager", "operation": operation, **task, **usual}
    return ConfigDict(json_schema_extra={"examples": [sent | {"reason": "Recall of batch 7"}]})


class TagsOrder(ProgramOrder):
    """Add tags to tickets, or remove them."""

    model_config = _example(ADD, tags=["recall-2026", "vip"])

    tool: Literal["tag-manager"]
    operation: Literal["add_tags", "remove_tags"]
    tags: Annotated[list[OneTag], Sent(min_length=1, max_length=MOST)]

    def order(self) -> Order:
        return _order(self, {"tags": list(dict.fromkeys(self.tags))})


class NewTagsOrder(ProgramOrder):
    """Let tickets have these tags and no others: with an empty list, none. Only admins may."""

    model_config = _example(SET, tags=["recall-2026"])

    tool: Literal["tag-manager"]
    operation: Literal["set_tags"]
    tags: Annotated[list[OneTag], Sent(max_length=MOST)]

    def order(self) -> Order:
        return _order(self, {"tags": list(dict.fromkeys(self.tags))})


class RenamingOrder(ProgramOrder):
    """Replace a tag by another."""

    model_config = _example(RENAME, old_tag="vip", new_tag="key-account")

    tool: Literal["tag-manager"]
    operation: Literal["rename_tag"]
    old_tag: OneTag
    new_tag: OneTag

    def order(self) -> Order:
        if self.old_tag == self.new_tag:
            raise Refused("new_tag", SAME_NAME)
        return _order(self, {"old": self.old_tag, "new": self.new_tag})


TOOL = Tool(
    "tag-manager",
    "Tag manager",
    "Add, remove or rename tags on many tickets.",
    bp,
    program=Annotated[TagsOrder | NewTagsOrder | RenamingOrder, Sent(discriminator="operation")],
)
SAME_NAME = "This is the name that the tag has now. Type another one."


def _order(sent: Any, task: dict[str, Any]) -> Order:
    words = _words(sent.operation, **task)
    return order_for(TOOL, sent, *words, operation=sent.operation, arguments=task)


WAYS = [
    SelectChoice(ADD, "Add tags"),
    SelectChoice(REMOVE, "Remove tags"),
    SelectChoice(RENAME, "Rename a tag"),
    SelectChoice(SET, "Set the tags: replace all that a ticket has"),
]


def _ways() -> list[SelectChoice]:
    """Those that are open to whoever asks."""
    return [way for way in WAYS if operations.is_open_to(me(), way.value)]


def _is_to_rename(form: Any) -> bool:
    return form.operation.data == RENAME


def _is_to_wipe(form: Any) -> bool:
    return form.operation.data == SET and form.wipe.data


def _takes_tags(form: Any) -> bool:
    return not _is_to_rename(form) and not _is_to_wipe(form)


class TagForm(ToolForm):
    operation = RadioField(
        "What to do",
        [InputRequired("Choose what to do.")],
        default=ADD,
    )
    tags = TagsField("Tags", [OnlyIf(_takes_tags)])
    wipe = BooleanField("Take all tags away and leave the tickets without any")
    old_tag = TagField(
        "Tag to rename", [OnlyIf(_is_to_rename)], wanted="Type the tag that you want to rename."
    )
    new_tag = TagField("New name", [OnlyIf(_is_to_rename)], wanted="Type the new name of the tag.")
    limit = LimitField("At most", default=TOOL.default_limit, most=TOOL.max_limit)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.operation.choices = _ways()

    def validate_new_tag(self, field: Field) -> None:
        if field.data and field.data == self.old_tag.data:
            raise ValidationError(SAME_NAME)

    def validate_wipe(self, field: Field) -> None:
        if _is_to_wipe(self) and self.tags.typed.strip():
            raise ValidationError("You typed tags above. Leave them out, or untick this box.")

    def orders(self) -> list[Order]:
        task, operation = self._task, self.operation.data
        words = _words(operation, **task)
        return order_each(TOOL, self, *words, operation=operation, arguments=task)

    @property
    def _task(self) -> dict[str, Any]:
        if _is_to_rename(self):
            return {"old": self.old_tag.data[0], "new": self.new_tag.data[0]}
        return {"tags": [] if _is_to_wipe(self) else list(self.tags.data)}


def _words(
    operation: str, tags: Sequence[str] = (), old: str = "", new: str = ""
) -> tuple[str, ...]:
    """What is done, before and after the tickets are named."""
    if operation == RENAME:
        return (f"Rename {shortened(old, 60)} to {shortened(new, 60)} on",)
    if not tags:
        return ("Remove all tags from",)
    named = _named(tags)
    words = {ADD: (f"Add {named} to",), REMOVE: (f"Remove {named} from",)}
    return words.get(operation, ("Set the tags of", f" to {named}"))


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = TagForm(**_asked_for())
    return form_page(TOOL, form, form.orders, "tools/tag_manager.html")


@bp.get("/tags")
def suggestions() -> Response:
    """Tags to choose from, for what was typed and for the tickets that are chosen by now."""
    start = request.args.get("start", "")[:LONGEST]
    told = Suggestions([], is_partial=True)
    if allowance.take(me()):
        told = tag_suggestions.matching(start, _permitted_so_far())
    return jsonify(tags=[asdict(one) for one in told.found], is_partial=told.is_partial)


def _permitted_so_far() -> dict[str, Any] | None:
    """Tags tell of the tickets that have them: nobody is told of tickets that they may not choose."""
    chosen = _chosen_so_far()
    if chosen:
        try:
            permissions.check_chosen(me(), TOOL.slug, chosen)
        except NotPermitted:
            return None
    return chosen


def _chosen_so_far() -> dict[str, Any] | None:
    """The selection as the address has it, which need not be complete; of many tickets the first are enough."""
    source, given = request.args.get("source", VIEW), request.args
    views = asked.zendesk_ids(given, "view")
    if source == VIEW and views:
        return {"view_ids": views[:MOST_VIEWS]}
    if source == SEARCH and (query := asked.text("search", LONGEST_SEARCH)):
        return {"search": query}
    if source == IDS and (ids := parse_ids(given.get("ticket_ids", "")).ids):
        return {"ticket_ids": ids[:PAGE]}
    if source == ISSUE and (key := asked.text("issue", LONGEST_KEY)):
        return {"issue_key": key}
    return None


def _asked_for() -> dict[str, Any]:
    """What an address has the form filled in with, such as `?operation=rename_tag&old_tag=vip`."""
    given = request.args
    filled: dict[str, Any] = {
        name: given[name] for name in ("tags", "old_tag", "new_tag") if name in given
    }
    if (way := given.get("operation")) in {one.value for one in _ways()}:
        filled["operation"] = way
    views = asked.zendesk_ids(given, "view")
    return filled | ({"view": views} if views else {})


def _named(tags: Sequence[str]) -> str:
    """The tags in a few words: the first three, none of them long."""
    named = ", ".join(shortened(tag, 60) for tag in tags[:3])
    return named if len(tags) <= 3 else f"{named} and {len(tags) - 3} more"
