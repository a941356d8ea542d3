"""The first page: what runs, what waits for somebody, the tools, and how things stand. Zendesk is not asked."""

from typing import Any

from flask import Blueprint, render_template

from app.access import me
from app.models import ACTIVE, OVER, JobStatus
from app.services import approving, budget_report, job_list, presence, standing

bp = Blueprint("dashboard", __name__)

SHOWN = 4  # of each kind
APPROVALS_SHOWN = 10  # nobody else answers them
WAITING = frozenset({JobStatus.PLANNED, JobStatus.PAUSED})


@bp.get("/")
def index() -> str:
    return render_template("dashboard.html", is_ready=standing.look().is_ready, **_now())


@bp.get("/now")
def now() -> str:
    """The part of the page that is renewed while one watches."""
    return render_template("_dashboard_now.html", **_now())


def _now() -> dict[str, Any]:
    counts = job_list.counts(me())
    to_approve = approving.waiting_for(me(), APPROVALS_SHOWN)
    waiting = job_list.newest_of_few(me(), WAITING, SHOWN, without=to_approve)
    return {
        "to_approve": to_approve,
        "running": job_list.newest_of_few(me(), ACTIVE, SHOWN),
        "waiting": waiting,
        "waits_for_approval": approving.waiting_among(waiting),
        "recent": job_list.newest(me(), OVER, SHOWN),
        "running_count": sum(counts.get(one, 0) for one in ACTIVE),
        "waiting_count": max(
            len(waiting), sum(counts.get(one, 0) for one in WAITING) - len(to_approve)
        ),
        "counts": counts,
        "budget": budget_report.look(me()),
        "here": presence.look(),
    }
