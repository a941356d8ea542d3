"""Handing out what became of jobs, and sending it. Upkeep asks often; what there is to do is in the database."""

from celery import shared_task

from app.extensions import db
from app.services.notices import mails, outbox, posting
from app.services.notices.turn import turn
from app.tasks.sending import send

QUEUE = "notices"


def wake() -> None:
    """Let a worker see to the outbox, if something is in it. What cannot be queued is queued by the next upkeep."""
    is_needed = outbox.has_work()
    db.session.commit()
    if is_needed:
        send("notices.hand_out", queue=QUEUE)


@shared_task
def hand_out() -> None:
    """Each receiver is a task of its own, so that none waits for another."""
    outbox.hand_out()
    if mails.are_due():
        send("notices.send_mails", queue=QUEUE)
    for webhook_id in posting.receivers_due():
        send("notices.send_to_webhook", webhook_id, queue=QUEUE)
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
