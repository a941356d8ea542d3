"""Who may what. Every page asks for a sign-in unless it says that it is public."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from flask import abort, g, request
from flask_login import current_user

from app.extensions import db
from app.models import Job, User, UserSession
from app.services import job_list, permissions, two_factor

P = ParamSpec("P")
R = TypeVar("R")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let anybody see this page."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def for_programs(view: Callable[P, R]) -> Callable[P, R]:
    """This view does not ask for a sign-in: it asks for an access token itself."""
    view.is_for_programs = True  # type: ignore[attr-defined]
    return view


def act_for(user: User) -> None:
    """From here on the request is this person's, whose token a program has sent."""
    g.person = user


def before_two_factor(view: Callable[P, R]) -> Callable[P, R]:
    """Let somebody open this who must set up two-factor first, and has not."""
    view.is_before_two_factor = True  # type: ignore[attr-defined]
    return view


def must_set_up_two_factor(user: User) -> bool:
    """Admins demand it, and this admin has not done it: nothing but that is open to them, by page or by token."""
    return two_factor.is_missing(user)


def me() -> User:
    """The person who is signed in, or for whom a program acts."""
    return g.get("person") or cast(User, current_user)


def my_session() -> UserSession | None:
    """The session that the request belongs to; None for a program's token, which has none."""
    return g.get("user_session") if current_user.is_authenticated else None


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
    """The job, for what leads to a change of tickets. Raises NotPermitted where the person may not have that done.

    Somebody who has lost that right still sees their jobs, and can stop and delete them.
    """
    job = job_or_404(job_id)
    permissions.check_job(me(), job)
    return job


def may_write(job: Job) -> bool:
    """May the person use the job's tool, and have done what it does, or did that it came from?"""
    return permissions.may_do_again(me(), job)
