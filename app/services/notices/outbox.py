"""Handing out what stands in the outbox: each event to those who want it, and to nobody twice."""

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from app.database import now, writing
from app.extensions import db, rows_changed
from app.models import (
    AuditEvent,
    Delivery,
    EventName,
    Job,
    JobEvent,
    JobStatus,
    Webhook,
)
from app.services import approving
from app.services.notices import mails, posting, tries
from app.services.waits import WaitReason

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
AT_A_TIME = 200


def has_work() -> bool:
    """Is anything to be handed out, sent or thrown away? Asked every few seconds, and so along indexes."""
    at = now()
    event_is_due, event_is_old = JobEvent.due_at <= at, JobEvent.at < at - KEPT
    found = (exists().where(event_is_due), exists().where(event_is_old))
    sent = exists().where(Delivery.next_try_at <= at)
    return bool(db.session.scalar(select(or_(*found, sent))))


def hand_out() -> None:
    """Make a delivery of each event that is due for everybody who wants it, and give up what is too old. Commits."""
    with writing():
        posting.switch_off_the_dead()
        tries.give_up(Delivery.next_try_at <= now(), Delivery.gives_up_at < now())
        db.session.commit()
        for event_id in _due():
            try:
                _hand_out(event_id)
                db.session.commit()
            except Exception:  # one that makes trouble does not hold up the others
                db.session.rollback()
                log.exception("event %s could not be handed out", event_id)
        _throw_away()
        db.session.commit()


def _due() -> list[int]:
    due = select(JobEvent.id).where(JobEvent.due_at <= now()).order_by(JobEvent.due_at, JobEvent.id)
    return list(db.session.scalars(due.limit(AT_A_TIME)))


def _hand_out(event_id: int) -> None:
    """Whoever takes the event's time away has it to hand out: nobody else does that too."""
    here = update(JobEvent).where(JobEvent.id == event_id, JobEvent.due_at.is_not(None))
    if not rows_changed(here.values(due_at=None)):
        return
    event = db.session.get_one(JobEvent, event_id, populate_existing=True)
    job = db.session.scalar(select(Job).where(Job.job_id == event.job_id))
    if not _is_still_so(event, job):
        db.session.delete(event)
        return
    if event.name == EventName.CANCELLED:
        event.facts = event.facts | {"by": _who_cancelled(event)}
    for receiver in _receivers(event):
        db.session.add(Delivery(event_id=event.id, **receiver))


def _is_still_so(event: JobEvent, job: Job | None) -> bool:
    """What waits for a person is not told when somebody has seen to it already."""
    if event.name == EventName.PLANNED:
        return job is not None and job.status == JobStatus.PLANNED
    if event.name == EventName.APPROVAL:
        return job is not None and approving.is_asked_for(job)
    if event.name == EventName.SIGN_IN:
        return job is not None and job.wait_reason == WaitReason.SIGN_IN and not job.state.rests
    return True


def _who_cancelled(event: JobEvent) -> str:
    """“owner”, “admin”, or “program” where a plan was never started."""
    asked = select(AuditEvent.user_id).where(
        AuditEvent.target == event.job_id, AuditEvent.action == "job.cancel"
    )
    last = db.session.execute(asked.order_by(AuditEvent.id.desc()).limit(1)).one_or_none()
    if last is None or last.user_id is None:
        return "program"
    return "owner" if last.user_id == event.owner_id else "admin"


def _receivers(event: JobEvent) -> list[dict[str, Any]]:
    webhooks = db.session.execute(select(Webhook.id, Webhook.events).where(Webhook.enabled))
    programs = [{"webhook_id": one.id} for one in webhooks if event.name in one.events]
    return programs + [{"user_id": one} for one in mails.recipients(event)]


def _throw_away() -> None:
    """Forget what is older than the log of deliveries goes back. What belongs to it goes with it."""
    old = select(JobEvent.id).where(JobEvent.at < now() - KEPT).limit(1000)
    rows_changed(delete(JobEvent).where(JobEvent.id.in_(old.scalar_subquery())))
