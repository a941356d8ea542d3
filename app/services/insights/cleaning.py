"""Letting go of what the pipeline has kept for long enough."""

import time
from datetime import timedelta

from sqlalchemy import delete, select

from app.database import now, writing
from app.extensions import db, rows_changed
from app.models import UNDER_WAY, PipelineRun, RunKind
from app.services import settings
from app.services.insights import mirror
from app.services.insights.stage import Progress, StageRun

PIECE = 500
# Of a check every five minutes that is two thousand.
HEALTH_KEPT = timedelta(days=7)


def cleanup(run: StageRun, until: float) -> Progress:
    """Delete runs that ended long ago, and forget tickets that last changed long ago, piece by piece."""
    gone = 0
    while time.monotonic() < until:
        piece = _delete_piece(run)
        gone += piece
        if piece < PIECE:
            return _forget_tickets(gone, until)
    return Progress(gone)


def _forget_tickets(runs_deleted: int, until: float) -> Progress:
    days = int(settings.value("tickets_kept_days"))
    db.session.rollback()
    forgotten = mirror.forget_before(days, until)
    gone = runs_deleted + forgotten
    result: dict[str, int | float | str] = {
        "runs_deleted": runs_deleted,
        "tickets_forgotten": forgotten,
    }
    return Progress(gone, gone, is_over=time.monotonic() < until, result=result)


def _delete_piece(run: StageRun) -> int:
    with writing():
        at = now()
        before = at - timedelta(days=int(settings.value("runs_kept_days")))
        is_old = PipelineRun.completed_at < before
        is_old |= (PipelineRun.kind == RunKind.HEALTH) & (
            PipelineRun.completed_at < at - HEALTH_KEPT
        )
        old = select(PipelineRun.id).where(PipelineRun.status.not_in(UNDER_WAY), is_old)
        gone = rows_changed(
            delete(PipelineRun).where(PipelineRun.id.in_(old.limit(PIECE).scalar_subquery()))
        )
        run.check()
        db.session.commit()
    return gone
