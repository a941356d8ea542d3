"""Handing out what became of jobs, and sending it. Upkeep asks often; what there is to do is in the database."""

import logging
from typing import Any

from celery import shared_task
from flask import current_app
from kombu.exceptions import OperationalError
from redis import RedisError

from app.extensions import db
from app.services.notices import mails, outbox, posting
from app.services.notices.turn import turn

log = logging.getLogger(__name__)

QUEUE = "notices"
# Upkeep asks again sooner: a message that waited so long is of no use.
EXPIRES_SECONDS = 30.0


def wake() -> None:
    """Let a worker see to the outbox, if something is in it. What cannot be queued is queued by the next upkeep."""
    is_needed = outbox.has_work()
    db.session.commit()
    if is_needed:
        _queue("hand_out")


@shared_task
def hand_out() -> None:
    """Each receiver is a task of its own, so that none waits for another."""
    outbox.hand_out()
    if mails.are_due():
        _queue("send_mails")
    for webhook_id in posting.receivers_due():
        _queue("send_to_webhook", webhook_id)
    db.session.commit()


@shared_task
def send_mails() -> None:
    with turn("mail") as is_ours:
        if is_ours:
            mails.send_due()


@shared_task
def send_to_webhook(webhook_id: int) -> None:
    with turn(f"webhook:{webhook_id}") as is_ours:
        if is_ours:
            posting.send_due(webhook_id)


def _queue(name: str, *args: Any) -> None:
    try:
        current_app.extensions["celery"].send_task(
            f"app.tasks.notices.{name}", args=args, queue=QUEUE, expires=EXPIRES_SECONDS
        )
    except (OperationalError, RedisError) as error:
        log.warning("notices could not be queued: %s", type(error).__name__)
