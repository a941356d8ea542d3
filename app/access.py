"""Who may what. Every page asks for a sign-in unless it says that it is public."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from flask import abort, current_app, request
from flask_login import current_user

from app.extensions import db
from app.models import Job, User
from app.services import job_list, lineage, operations

P = ParamSpec("P")
R = TypeVar("R")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let anybody see this page."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def me() -> User:
    """The person who is signed in."""
    return cast(User, current_user)


def address() -> str:
    """Where the request came from, for the audit log."""
    return request.remote_addr or ""


def admins_only() -> None:
    """Refuse anybody else; for a blueprint's `before_request`."""
    if not me().is_admin:
        abort(403)


def job_or_404(job_id: UUID) -> Job:
    """The job, if the person may see it. One that they may not see does not exist for them."""
    job = db.session.scalar(job_list.visible_to(me()).where(Job.job_id == str(job_id)))
    return job if job is not None else abort(404)


def job_to_write_or_404(job_id: UUID) -> Job:
    """The job, for what will change tickets: only whoever may use its tool, and have its operation done, may let it go
    on, or another follow.

    Somebody who has lost that right still sees their jobs, and can stop and delete them.
    """
    job = job_or_404(job_id)
    return job if may_write(job) else abort(403)


def may_write(job: Job) -> bool:
    """May the person use the job's tool, and have done what it does, or did that it came from?

    Undoing an undo does once more what was undone.
    """
    tools = current_app.extensions["tools"]
    is_for_admins = any(tool.slug == job.tool_slug and tool.requires_admin for tool in tools)
    is_open = me().is_admin or not is_for_admins
    asked_for = [job, *lineage.ancestors(job)]
    return is_open and all(operations.is_open_to(me(), one.operation) for one in asked_for)
