"""Upkeep, sent by beat every few seconds: begin what is due, wake what nobody is at. It never looks into the broker."""

import logging

from celery import shared_task

from app.database import writing
from app.extensions import db
from app.services import audit_chain, idempotency, jobs, presence, sessions
from app.services.engine import slices
from app.tasks import notices, pipeline_tasks
from app.tasks.launching import launch

log = logging.getLogger(__name__)


@shared_task
def upkeep() -> None:
    """Each duty in turn. One that fails keeps no other from being done."""
    presence.upkeep_was_done()
    for duty in (wake_jobs, pipeline_tasks.wake, let_go, seal_the_audit_log, notices.wake):
        try:
            duty()
        except Exception:
            db.session.rollback()
            log.exception("upkeep failed: %s", duty.__name__)


def wake_jobs() -> None:
    for job_id in slices.due():
        launch(job_id)
    db.session.commit()


def let_go() -> None:
    with writing():
        jobs.expire_plans()
        idempotency.forget_old()
        db.session.commit()


def seal_the_audit_log() -> None:
    with writing():
        audit_chain.seal()
        db.session.commit()


@shared_task
def forget_old_sessions() -> None:
    with writing():
        sessions.forget_old()
        db.session.commit()
