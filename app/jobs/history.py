"""What happened to a job, and how fast it went."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, jsonify, render_template

from app.access import job_or_404, me
from app.jobs import bp
from app.models import Job
from app.services import job_list, throughput, timeline

RENEWED_SECONDS = 10  # while the job runs and somebody looks


@bp.get("/<uuid:job_id>/history")
def history(job_id: UUID) -> str:
    """The parts of the page that tell it in words."""
    job = job_or_404(job_id)
    may_see = partial(job_list.may_see, me())
    return render_template("jobs/_history.html", job=job, may_see=may_see, **history_of(job))


@bp.get("/<uuid:job_id>/throughput")
def chart(job_id: UUID) -> Response:
    """What the chart shows."""
    told = throughput.of(job_or_404(job_id))
    return jsonify(told.chart if told else {"at": [], "rate": [], "bands": []})


def history_of(job: Job) -> dict[str, Any]:
    return {
        "steps": timeline.of(job),
        "throughput": throughput.of(job),
        "renewed_seconds": RENEWED_SECONDS,
    }
