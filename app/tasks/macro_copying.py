"""Keeping the local copy of the macros fresh: beat asks often, and it is renewed when it is due."""

import logging

from celery import shared_task
from flask import current_app
from kombu.exceptions import OperationalError
from redis import RedisError

from app.extensions import db
from app.services.connection import NotConnected
from app.services.macro_library import copying, freshness

log = logging.getLogger(__name__)

# An account with ten thousand macros has a hundred pages of them, in turn with the jobs.
SOFT_LIMIT, LIMIT = 540, 600


@shared_task
def renew_macros_if_due() -> None:
    """A short task that may stand in the queue of upkeep: the work itself is queued elsewhere."""
    if freshness.is_due():
        ask_for_macros()


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def renew_macros() -> None:
    try:
        copying.renew()
    except NotConnected as error:
        log.info("macros are not copied: %s", error)


def ask_for_macros() -> bool:
    """Let a worker renew the copy. False if the broker cannot be reached: beat asks again."""
    db.session.commit()
    freshness.note_asked(is_asked=True)  # before it is sent: the worker may be quicker than we are
    try:
        current_app.extensions["celery"].send_task(
            "app.tasks.macro_copying.renew_macros",
            expires=freshness.ASKED_FOR.total_seconds(),
            queue="zendesk",
        )
    except (OperationalError, RedisError) as error:
        log.warning("the copying of macros could not be queued: %s", type(error).__name__)
        freshness.note_asked(is_asked=False)
        return False
    return True
