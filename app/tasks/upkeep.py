"""Upkeep, sent by beat every few seconds: wake the jobs that nobody is at. It never looks into the broker."""

from celery import shared_task

from app.database import writing
from app.extensions import db
from app.services import jobs, presence
from app.services.engine import slices
from app.tasks.launching import launch


@shared_task
def upkeep() -> None:
    presence.upkeep_was_done()
    for job_id in slices.due():
        launch(job_id)
    db.session.commit()
    with writing():
        jobs.expire_plans()
    db.session.commit()
