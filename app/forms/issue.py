"""Choosing the tickets of an issue. A form has it only where its address, or what was sent, names one."""

from functools import cached_property

from wtforms import HiddenField

from app.access import me
from app.models import Issue
from app.services import permissions
from app.services.insights import board


class IssueField(HiddenField):
    """The key of an issue that the person may see, and that was not merged into another."""

    @cached_property
    def chosen(self) -> Issue | None:
        issue = board.by_key(self.data) if self.data and permissions.may_see_issues(me()) else None
        return issue if issue and issue.merged_into_id is None else None
