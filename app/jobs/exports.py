"""Ledgers to take away."""

from collections.abc import Callable, Iterator
from uuid import UUID

from flask import Response

from app.access import job_or_404
from app.extensions import db
from app.jobs import bp, table
from app.models import Job
from app.services import export
from app.services.ledger_filter import Filter


@bp.get("/<uuid:job_id>/export.csv")
def export_csv(job_id: UUID) -> Response:
    return _download(job_or_404(job_id), "csv", "text/csv; charset=utf-8", export.as_csv)


@bp.get("/<uuid:job_id>/export.json")
def export_json(job_id: UUID) -> Response:
    return _download(job_or_404(job_id), "json", "application/json", export.as_json)


@bp.get("/<uuid:job_id>/export.ndjson")
def export_ndjson(job_id: UUID) -> Response:
    return _download(job_or_404(job_id), "ndjson", "application/x-ndjson", export.as_ndjson)


def _download(
    job: Job, ending: str, kind: str, write: Callable[[int, Filter], Iterator[str]]
) -> Response:
    """What the table would show, all of it. It is read while it is sent, without this request's transaction."""
    name = f"giga-tools-{job.tool_slug}-{job.job_id}.{ending}"
    response = Response(write(job.id, table.of_address().filter))
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    db.session.rollback()
    return response
