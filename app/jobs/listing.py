"""The list of jobs: looked through by its address, and brought up to date while somebody watches."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request, url_for

from app import asked
from app.access import me
from app.jobs import bp
from app.models import ACTIVE, JobStatus
from app.services import accounts, approving, job_list
from app.services.job_list import JOBS_A_PAGE
from app.services.job_order import Place, Sort
from app.services.job_search import MOST_CHARACTERS, Search
from app.services.paging import Listed


@dataclass(frozen=True)
class Wanted:
    """What the address asks for, with a sentence for each part of it that means nothing."""

    search: Search
    odd: list[str]

    @property
    def told(self) -> dict[str, str]:
        """The same as an address tells it, without what is usual."""
        search = self.search
        return asked.told(
            {
                "text": search.text,
                "status": search.status,
                "tool": search.tool,
                "user": search.owner,
                "from": search.since,
                "to": search.until,
                "sort": None if search.sort is Sort.NEWEST else search.sort,
            }
        )

    def address(self, **more: Any) -> str:
        told: dict[str, Any] = asked.told(self.told | more)
        return url_for("jobs.index", **told)


@bp.get("")
def index() -> str:
    wanted = _wanted()
    counts = job_list.counts(me(), wanted.search)
    listed = _listed(wanted.search, counts)
    return render_template(
        "jobs/index.html",
        listed=listed,
        active=[job for job in listed.items if job.state in ACTIVE],
        waits_for_approval=approving.waiting_among(listed.items),
        people=accounts.everybody() if me().is_admin else [],
        all_tools=_tools(),
        all_ticked="ticked" in request.args,
        **_tabs(wanted, counts),
    )


@bp.get("/now")
def now() -> str:
    """What has become of the jobs that somebody watches in the list."""
    wanted = _wanted()
    watched = job_list.named(me(), asked.job_ids(request.args, JOBS_A_PAGE))
    return render_template(
        "jobs/_now.html",
        watched=watched,
        active=[job for job in watched if job.state in ACTIVE],
        waits_for_approval=approving.waiting_among(watched),
        **_tabs(wanted, job_list.counts(me(), wanted.search)),
    )


def _tabs(wanted: Wanted, counts: dict[JobStatus, int]) -> dict[str, Any]:
    """A state that nothing is in has no tab, unless it is the one that is looked at."""
    shown = [one for one in JobStatus if one in counts or one is wanted.search.status]
    return {"wanted": wanted, "search": wanted.search, "counts": counts, "states": shown}


def _listed(search: Search, counts: dict[JobStatus, int]) -> Listed[Any]:
    if not (counts.get(search.status) if search.status else counts):
        return Listed([])  # where there are none, they need not be looked for
    after, before = (
        Place.parse(request.args.get(name, ""), search.sort) for name in ("after", "before")
    )
    return job_list.page(me(), search, after=after, before=before)


def _wanted() -> Wanted:
    days = asked.days("job")
    search = Search(
        text=" ".join(request.args.get("text", "").split())[:MOST_CHARACTERS],
        status=asked.choice("status", JobStatus),
        tool=asked.choice("tool", [tool.slug for tool in _tools()]),
        owner=asked.key("user") if me().is_admin else None,
        since=days.since,
        until=days.until,
        sort=asked.choice("sort", Sort) or Sort.NEWEST,
    )
    return Wanted(search, days.odd)


def _tools() -> list[Any]:
    return current_app.extensions["tools"]
