"""Our mark: how a ticket's history tells which job made an update."""

from typing import Any

from app.services.change import Change, same
from app.services.engine.row import Row
from app.zendesk.resources import Audit

# In an update's own metadata. A job writes a ticket once, so its id tells all there is to know.
NAME = "giga_tools"
_COMMENT, _CHANGE = "Comment", "Change"


def mark(job_id: str) -> dict[str, Any]:
    """What an update carries."""
    return {"metadata": {NAME: job_id}}


def is_ours(audit: Audit, row: Row, job_id: str, me: int | None) -> bool:
    """Was this update made by the job? `me` is the connection's user.

    That Zendesk keeps the mark of a change of many is not documented. Where there is none, an update counts as the
    job's if our user made it by the API since the plan, with the same content.
    """
    if NAME in audit.custom:
        return audit.custom[NAME] == job_id
    is_mine = me is not None and audit.author_id == me and audit.channel == "api"
    return is_mine and audit.created_at >= row.planned_stamp and _says(audit, row.change)


def _says(audit: Audit, change: Change) -> bool:
    """Does the audit tell of all that the change was to do? Of comments, their readers are compared."""
    if change.comment:
        public = {event.public for event in audit.events if event.type == _COMMENT}
        return change.comment.public in public
    became = {event.field_name: event.value for event in audit.events if event.type == _CHANGE}
    custom_fields = {str(one): value for one, value in change.custom_fields.items()}
    wanted = {**change.fields, **custom_fields}
    return all(
        name in became and same(became[name], value) for name, value in wanted.items()
    ) and _tags_became(became, change)


def _tags_became(became: dict[str, Any], change: Change) -> bool:
    if not (change.add_tags or change.remove_tags):
        return True
    tags = became.get("tags")
    if not isinstance(tags, list):
        return False
    return change.add_tags.issubset(tags) and change.remove_tags.isdisjoint(tags)
