"""Who may have what done to which tickets. Every question of that kind is answered here.

What an admin has chosen for a role and a tool counts; where nothing was chosen, what the tool itself says.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import Job, Role, ToolLimit, User
from app.services import audit, job_list, operations, reach
from app.services.engine.lease import read_apart

if TYPE_CHECKING:
    from app.services.jobs import Order

GROUPS = "groups"  # under this, what a plan relies on has the groups whose tickets it may have
UNBOUNDED = 10**9  # tickets: of a tool that was taken out, whose jobs are still there


class NotPermitted(Exception):
    """Somebody may not have this done. Its message says why, to them.

    `field` is the one of the form, or of what a program sent, that it is about.
    """

    def __init__(self, words: str, field: str | None = None):
        super().__init__(words)
        self.field = field


class Tool(Protocol):
    """What is to be known of a tool here, where none is imported. The app has them all."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def requires_admin(self) -> bool: ...
    @property
    def makes_jobs(self) -> bool: ...
    @property
    def may_reply(self) -> bool: ...
    @property
    def max_limit(self) -> int: ...


@dataclass(frozen=True)
class Limits:
    """What somebody may do with a tool.

    `largest_job` and `approval_above` count tickets. `view_ids` and `group_ids` are those that may be chosen, None
    for all. A second person has to approve a plan above `approval_above` tickets (None: of no size), and one that
    sends public replies, if `approval_for_replies`.
    """

    may_use: bool
    largest_job: int
    public_replies: bool = True
    view_ids: frozenset[int] | None = None
    group_ids: frozenset[int] | None = None
    approval_above: int | None = None
    approval_for_replies: bool = False

    @property
    def only_by_view(self) -> bool:
        """Would a search, or a ticket's number, go around the list of views? Not where the group decides."""
        return self.view_ids is not None and self.group_ids is None


def tools() -> list[Tool]:
    return current_app.extensions["tools"]


def tool_of(tool_slug: str) -> Tool | None:
    return next((tool for tool in tools() if tool.slug == tool_slug), None)


def of(user: User, tool_slug: str) -> Limits:
    """What the person may do with the tool. One that was taken out does nothing, and so is open to all."""
    return of_role(user.role, tool_slug)


def of_role(role: str, tool_slug: str) -> Limits:
    chosen = select(ToolLimit).where(ToolLimit.role == role, ToolLimit.tool_slug == tool_slug)
    return _limits(role, tool_slug, db.session.scalar(chosen))


def without_choice(role: str, tool_slug: str) -> Limits:
    """What the tool says of itself."""
    tool = tool_of(tool_slug)
    if tool is None:
        return Limits(may_use=True, largest_job=UNBOUNDED)
    return Limits(role == Role.ADMIN or not tool.requires_admin, tool.max_limit)


def _limits(role: str, tool_slug: str, chosen: ToolLimit | None) -> Limits:
    said = without_choice(role, tool_slug)
    if chosen is None:
        return said
    return Limits(
        may_use=chosen.may_use,
        largest_job=min(chosen.largest_job or said.largest_job, said.largest_job),
        public_replies=chosen.public_replies,
        view_ids=_ids(chosen.view_ids),
        group_ids=_ids(chosen.group_ids),
        approval_above=chosen.approval_above,
        approval_for_replies=chosen.approval_for_replies,
    )


def _ids(kept: list[int] | None) -> frozenset[int] | None:
    return None if kept is None else frozenset(kept)


def usable(user: User) -> list[Tool]:
    """The tools that the person may use."""
    return [tool for tool, _ in _usable(user)]


def _usable(user: User) -> list[tuple[Tool, Limits]]:
    """The same with what they may do with each, in one query."""
    rows = db.session.scalars(select(ToolLimit).where(ToolLimit.role == user.role))
    chosen = {row.tool_slug: row for row in rows}
    limits = ((one, _limits(user.role, one.slug, chosen.get(one.slug))) for one in tools())
    return [(tool, limit) for tool, limit in limits if limit.may_use]


def views_open_to(user: User) -> frozenset[int] | None:
    """The views of which the person may choose tickets with one tool or another; None for all."""
    of_tools = [of(user, tool.slug).view_ids for tool in usable(user) if tool.makes_jobs]
    limited = [one for one in of_tools if one is not None]
    return None if len(limited) < len(of_tools) else frozenset().union(*limited)


def may_see_issues(user: User) -> bool:
    """May the person read what tickets of the whole account say? Not if they may choose only some of them."""
    if not user.enabled:
        return False
    if user.is_admin:
        return True
    limits = [limit for tool, limit in _usable(user) if tool.makes_jobs]
    return bool(limits) and all(one.view_ids is None and one.group_ids is None for one in limits)


def check_issues(user: User) -> None:
    """Raises NotPermitted unless the person may see issues."""
    if not may_see_issues(user):
        raise NotPermitted(
            "You may not see issues: they quote tickets of the whole account.", "source"
        )


def check_search(user: User) -> bool:
    """May the person know how many tickets a search finds? Not where it finds some of other groups than theirs.

    Raises NotPermitted where they can choose tickets by a search with no tool.
    """
    of_tools = [of(user, tool.slug) for tool in usable(user) if tool.makes_jobs]
    searching = [one for one in of_tools if not one.only_by_view]
    if not searching:
        raise NotPermitted("You may not choose tickets by a search.", "source")
    return any(one.group_ids is None for one in searching)


@read_apart
def groups_of(job: Job) -> frozenset[int] | None:
    """Of which groups the job's owner may choose tickets now; None for all. For a worker that is at the job."""
    return of(job.user, job.tool_slug).group_ids


def groups_planned(job: Job) -> frozenset[int] | None:
    """Of which groups the job's plan may have tickets, as was noted when it was begun; None for all."""
    return _ids((job.pinned or {}).get(GROUPS))


def check_use(user: User, tool_slug: str) -> Limits:
    """Raises NotPermitted unless the person may use the tool."""
    if not user.enabled:
        raise NotPermitted("This account has been deactivated.")
    limits = of(user, tool_slug)
    if not limits.may_use:
        tool = tool_of(tool_slug)
        raise NotPermitted(f"You may not use “{tool.title if tool else tool_slug}”.", "tool")
    return limits


def check_order(user: User, order: "Order") -> None:
    """Raises NotPermitted unless the person may have this planned."""
    if operations.changes_nothing(order.operation):
        _check_earlier(user, order.selection)
        return
    limits = check_use(user, order.tool_slug)
    parent = db.session.get(Job, order.parent_id) if order.parent_id else None
    _check_operations(user, [order.operation, *_operations_of(parent)])
    if order.limit > limits.largest_job:
        raise NotPermitted(
            f"You may have at most {_tickets(limits.largest_job)} in one job.", "limit"
        )
    _check_selection(user, limits, order.selection)


def check_job(user: User, job: Job) -> Limits:
    """Raises NotPermitted unless the person may have done what the job does, or let another follow that does so.

    Whoever has lost that right still sees their jobs, and can stop, verify and delete them.
    """
    limits = check_use(user, job.tool_slug)
    _check_operations(user, _operations_of(job))
    if limits.view_ids is not None:
        _check_selection(user, limits, job.selection)
    return limits


def check_start(user: User, job: Job) -> None:
    """Raises NotPermitted unless the person may start the job's plan, or let it go on."""
    limits = check_job(user, job)
    if job.plan_digest is None:
        return
    if job.to_do > limits.largest_job:
        raise NotPermitted(
            f"This plan changes {_tickets(job.to_do)}, and you may change at most {limits.largest_job:,} in one job.",
            "limit",
        )
    if not limits.public_replies and sends_replies(job):
        raise NotPermitted(
            "This plan sends public replies, and you may not send any with this tool.",
            "public_replies",
        )
    _check_groups(limits, groups_planned(job))


def _check_groups(limits: Limits, planned: frozenset[int] | None) -> None:
    if limits.group_ids is None or (planned is not None and planned <= limits.group_ids):
        return
    raise NotPermitted(
        "This plan may have tickets of groups that you may not choose any more. Plan it again: "
        "the new plan leaves those tickets alone.",
        "groups",
    )


def refusal(user: User, job: Job) -> str:
    """Why the person may not start the job's plan or let it go on. Empty if they may."""
    try:
        check_start(user, job)
    except NotPermitted as error:
        return str(error)
    return ""


def may_do_again(user: User, job: Job) -> bool:
    """May the person let a job follow that changes tickets?"""
    try:
        check_job(user, job)
    except NotPermitted:
        return False
    return True


def sends_replies(job: Job) -> bool:
    """Does the job's plan write to customers? One whose replies nobody has counted may."""
    reached = reach.of(job)
    return "macro_id" in job.arguments if reached is None else reached.replies > 0


def _operations_of(job: Job | None) -> Iterator[str]:
    """What the job does, and did that it came from: undoing an undo does once more what was undone."""
    while job:
        yield job.operation
        job = job.parent


def _check_operations(user: User, names: Any) -> None:
    if not all(operations.is_open_to(user, name) for name in names):
        raise NotPermitted("Only an admin may have this done to tickets.", "operation")


def _check_selection(user: User, limits: Limits, selection: dict[str, Any]) -> None:
    if "job_id" in selection:
        earlier = _check_earlier(user, selection)
        if limits.only_by_view:
            _check_selection(user, limits, earlier.selection if earlier else {})
        return
    if "issue_key" in selection:
        check_issues(user)
    chosen = _views_of(selection)
    if limits.view_ids is not None and chosen and not limits.view_ids.issuperset(chosen):
        raise NotPermitted("You may not choose tickets of this view.", "view")
    if limits.only_by_view and not chosen:
        raise NotPermitted(
            "You may choose tickets only by the views that are open to you.", "source"
        )


def _views_of(selection: dict[str, Any]) -> list[int]:
    return [selection["view_id"]] if "view_id" in selection else selection.get("view_ids", [])


def _check_earlier(user: User, selection: dict[str, Any]) -> Job | None:
    """The job whose tickets are chosen; None if it was deleted, which planning tells in its own words."""
    if "job_id" not in selection:
        return None
    earlier = db.session.scalar(select(Job).where(Job.job_id == selection["job_id"]))
    if earlier and not job_list.may_see(user, earlier):
        raise NotPermitted("The job whose tickets you chose is not yours.", "job")
    return earlier


def check_chosen(user: User, tool_slug: str, selection: dict[str, Any]) -> None:
    """Raises NotPermitted unless the person may choose these tickets for the tool."""
    _check_selection(user, check_use(user, tool_slug), selection)


def _tickets(number: int) -> str:
    return f"{number:,} ticket{'' if number == 1 else 's'}"


def choose(
    role: Role, tool_slug: str, wanted: Limits, user: User | None, address: str = ""
) -> bool:
    """Let this be what people of the role may do with the tool. False if it was so already. The caller commits.

    What the tool says by itself is not kept, so that it goes on to follow the tool.
    """
    before, said = of_role(role, tool_slug), without_choice(role, tool_slug)
    if wanted == before:
        return False
    row = ToolLimit.role == role, ToolLimit.tool_slug == tool_slug
    kept = db.session.scalar(select(ToolLimit).where(*row))
    if wanted == said and kept:
        db.session.delete(kept)
    elif wanted != said:
        kept = kept or ToolLimit(role=role, tool_slug=tool_slug)
        _fill(kept, wanted, said)
        db.session.add(kept)
    audit.record(
        user,
        "permissions.change",
        f"{tool_slug}/{role}",
        address,
        before=_told(before),
        after=_told(wanted),
    )
    return True


def _fill(row: ToolLimit, wanted: Limits, said: Limits) -> None:
    for name, value in _told(wanted).items():
        setattr(row, name, value)
    if wanted.largest_job >= said.largest_job:
        row.largest_job = None


def _told(limits: Limits) -> dict[str, Any]:
    """As JSON."""
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(limits).items()
    }
