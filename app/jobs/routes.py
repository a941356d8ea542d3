"""The page of a job."""

from functools import partial
from math import ceil
from typing import Any
from uuid import UUID

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.access import job_or_404, may_write, me
from app.database import now
from app.jobs import agreement, bp, table
from app.jobs.history import history_of
from app.models import Job, JobStatus
from app.services import (
    acting,
    agreeing,
    approving,
    cautions,
    closed_tickets,
    estimate,
    job_list,
    jobs,
    lineage,
    permissions,
    presence,
    preview,
    reach,
    reversal,
    selections,
    verifying,
)
from app.services.engine import claiming
from app.services.engine.lease import WRITING
from app.services.job_report import report, waiting

STOP_POLLING = 286  # htmx's own status: swap this in, and ask no more


@bp.get("/<uuid:job_id>")
def show(job_id: UUID) -> str:
    job = job_or_404(job_id)
    return render_template(
        "jobs/show.html",
        job=job,
        children=lineage.children(job),
        parent_words=_parent_words(job),
        **table.look(job),
        **_progress_of(job) | agreement.refused(job),
        **history_of(job),
    )


@bp.get("/<uuid:job_id>/progress")
def progress(job_id: UUID) -> ResponseReturnValue:
    """The part of the page that changes while one watches. It rests where only a person can move the job."""
    job = job_or_404(job_id)
    about = _progress_of(job)
    rests = about["rests"]
    page = render_template("jobs/_watched.html", job=job, **about)
    headers = {"HX-Trigger": "job-rests"} if rests else {}
    return page, STOP_POLLING if rests else 200, headers


@bp.get("/<uuid:job_id>/status")
def status(job_id: UUID) -> Response:
    response = jsonify(report(job_or_404(job_id)))
    response.headers["Cache-Control"] = "private, no-cache"  # ask each time, with the ETag
    response.add_etag()
    response.make_conditional(request)
    return response


def _progress_of(job: Job) -> dict[str, Any]:
    here = presence.look()
    reason, until = waiting(job, here)
    is_planned = job.state is JobStatus.PLANNED
    approval = approving.look(me(), job) if job.state in approving.OPEN else None
    refusal = permissions.refusal(me(), job) if job.state in approving.OPEN else ""
    return {
        # Whoever waits for another's answer sees it come; whoever is to give it is left to write.
        "rests": job.state.rests
        and not (approval and approval.is_waiting and not approval.may_answer),
        "approval": approval,
        "barred": refusal,
        "may_go_on": not refusal and not (approval and approval.is_missing),
        "waiting": reason,
        "waiting_seconds": ceil(max(0, (until - now()).total_seconds())) if until else None,
        "here": here,
        "followings": lineage.permitted(job, me()),
        "reversal": reversal.of(job),
        "findings": verifying.findings(job),
        "canary": jobs.CANARY,
        "eta": None if reason else job.eta_seconds,
        "in_flight": claiming.number_in_flight(job) if job.state in WRITING else 0,
        "never_again": selections.never_again(job) if job.is_over else 0,
        "reversible": reversal.sentence(job) if is_planned else "",
        "remarks": _remarks(job) if is_planned else [],
        "cautions": cautions.of(job) if is_planned else [],
        "may_preview": preview.possible(job) and may_write(job),
        "reached": reach.of(job) if is_planned else None,
        "estimate": estimate.of(job) if is_planned else None,
        "agreements": {one.field: one for one in agreeing.needed(job)} if is_planned else {},
        "may_see": partial(job_list.may_see, me()),
    }


def _remarks(job: Job) -> list[str]:
    """What to know of the plan beside its numbers, in sentences."""
    return [one for one in (*job.remarks, closed_tickets.remark(job), acting.remark()) if one]


def _parent_words(job: Job) -> str:
    relation = lineage.relation_of(job)
    return relation.of if relation else "Follows from"
