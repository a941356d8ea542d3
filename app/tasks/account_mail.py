"""Mailing links to new passwords, apart from the page that is asked for them."""

import logging

from celery import shared_task
from flask import current_app
from kombu.exceptions import OperationalError
from redis import RedisError

from app.database import writing
from app.services import forgotten

log = logging.getLogger(__name__)

EXPIRES_SECONDS = 600.0  # whoever waits longer has asked again


@shared_task
def mail_reset_link(link_id: int) -> None:
    with writing():
        forgotten.answer(link_id)


def send_reset_link(link_id: int) -> None:
    """Let a worker do it. The message names neither the person nor the link's secret, which does not exist yet."""
    try:
        current_app.extensions["celery"].send_task(
            "app.tasks.account_mail.mail_reset_link",
            args=[link_id],
            expires=EXPIRES_SECONDS,
            queue="upkeep",
        )
    except (OperationalError, RedisError) as error:
        log.warning("a reset link could not be queued: %s", type(error).__name__)
