"""Ledgers to take away."""

from collections.abc import Callable, Iterator
from uuid import UUID

from flask import Response, make_response, stream_with_context

from app.access import job_or_404
from app.jobs import asked, bp
from app.models import Job, Outcome
from app.services import export


@bp.get("/<uuid:job_id>/export.csv")
def export_csv(job_id: UUID) -> Response:
    return _download(job_or_404(job_id), "csv", "text/csv; charset=utf-8", export.as_csv)


@bp.get("/<uuid:job_id>/export.json")
def export_json(job_id: UUID) -> Response:
    return _download(job_or_404(job_id), "json", "application/json", export.as_json)


def _download(
    job: Job, ending: str, kind: str, write: Callable[[int, list[Outcome]], Iterator[str]]
) -> Response:
    name = f"giga-tools-{job.tool_slug}-{job.job_id}.{ending}"
    response = make_response(stream_with_context(write(job.id, asked.outcomes())))
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
