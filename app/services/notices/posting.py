"""Sending events to webhooks."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import exists, select, update

from app.database import now, unindexed, writing
from app.extensions import db, rows_changed
from app.models import (
    NEWS,
    Delivery,
    DeliveryState,
    EventName,
    JobEvent,
    SecretUnreadable,
    Webhook,
)
from app.services import audit, outward
from app.services.notices import tries
from app.services.notices.signature import signed

SWITCHED_OFF = "Not sent: the webhook is switched off."
UNREADABLE = "Not sent: the secret cannot be decrypted, since ENCRYPTION_KEYS is not what it was. Make a new secret."
# Of all that failed since the last success, something must have been given up so long after the first.
FAILED_FOR = timedelta(days=3)


@dataclass(frozen=True, repr=False)
class Message:
    url: str
    headers: Mapping[str, str]
    body: bytes


def receivers_due() -> list[int]:
    """Of the webhooks to which something is to be sent now, the ids."""
    webhook_id = unindexed(Delivery.webhook_id)  # few are due, of many that were sent
    due = Delivery.next_try_at <= now(), webhook_id.is_not(None)
    return list(db.session.scalars(select(webhook_id).where(*due).distinct()))


def send_due(webhook_id: int) -> None:
    """Try what is due for this webhook, until the run is over or nobody answers. Commits."""
    whose = unindexed(Delivery.webhook_id) == webhook_id
    for delivery_id in tries.taken(whose):
        if not attempt(delivery_id):
            with writing():
                tries.let_rest(whose)
                db.session.commit()
            return


def attempt(delivery_id: int) -> bool:
    """Send it, once it is taken, and note what came of it. False if nobody answered. Commits."""
    message = _message(delivery_id)
    db.session.commit()  # no transaction stays open while we wait for the receiver
    if isinstance(message, str):
        _note_failure(delivery_id, None, message, for_good=True)
        return True
    try:
        answer = outward.post(message.url, message.body, message.headers)
    except outward.Refused as refused:
        _note_failure(delivery_id, None, str(refused), for_good=True)
        return True
    except outward.Unreachable as error:
        _note_failure(delivery_id, None, str(error))
        return False
    if 200 <= answer.status < 300:
        _note_success(delivery_id, answer)
    else:
        _note_failure(delivery_id, answer.status, answer.text_start)
    return True


def body_of(event: JobEvent) -> bytes:
    """What is sent of the event: the same bytes at each try, but for the address of the page."""
    job = {name: value for name, value in event.facts.items() if name != "worked_seconds"}
    if event.job_id:
        job = {"job_id": event.job_id, "url": address_of(event.job_id), **job}
    told = {"id": event.key, "event": event.name, "at": event.at.isoformat(), "job": job or None}
    if event.name in NEWS:
        told |= {"job": None, "news": event.facts}
    if event.name == EventName.ESCALATING:
        told["news"] = {**event.facts, "url": address_of_issue(event.facts["key"])}
    return json.dumps(told, ensure_ascii=False).encode()


def address_of(job_id: str) -> str | None:
    """Where people see the job; None where nobody has said under which address they reach us."""
    return _address(f"jobs/{job_id}")


def address_of_issue(key: str) -> str | None:
    return _address(f"issues/{key}")


def _address(path: str) -> str | None:
    public = current_app.config["PUBLIC_URL"].rstrip("/")
    return f"{public}/{path}" if public else None


def switch_off_the_dead() -> None:
    """Switch off the webhooks that have failed for days. The caller commits."""
    failing = select(Webhook).where(Webhook.enabled, Webhook.failing_since <= now() - FAILED_FOR)
    for webhook in db.session.scalars(failing):
        if _gave_up_lately(webhook):
            webhook.enabled, webhook.gave_up_at = False, now()
            tries.give_up(Delivery.webhook_id == webhook.id, answer=SWITCHED_OFF)
            audit.record(
                None,
                "webhook.change",
                str(webhook.id),
                host=webhook.host,
                before={"enabled": True},
                after={"enabled": False},
            )


def _gave_up_lately(webhook: Webhook) -> bool:
    """One that failed on Monday, and was not needed until Friday, has not failed for days."""
    if webhook.failing_since is None:
        return False
    given_up = exists().where(
        Delivery.webhook_id == webhook.id,
        Delivery.state == DeliveryState.GIVEN_UP,
        Delivery.tried_at >= webhook.failing_since + FAILED_FOR,
    )
    return bool(db.session.scalar(select(given_up)))


def _message(delivery_id: int) -> Message | str:
    """What to send, or why nothing is sent."""
    delivery = db.session.get_one(Delivery, delivery_id)
    webhook = delivery.webhook
    if webhook is None or not (webhook.enabled or delivery.event.name == EventName.TEST):
        return SWITCHED_OFF
    try:
        with_secrets = _secrets(webhook)
    except SecretUnreadable:
        return UNREADABLE
    body, timestamp = body_of(delivery.event), int(now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "Giga-Delivery": delivery.key,
        "Giga-Timestamp": str(timestamp),
        "Giga-Signature": signed(timestamp, body, with_secrets),
    }
    return Message(webhook.url, headers, body)


def _secrets(webhook: Webhook) -> list[str]:
    """Those that sign. The old one may be why there is a new one: nobody can decrypt it any more."""
    valid, until = [webhook.secret], webhook.old_secret_until
    if until and now() < until:
        with suppress(SecretUnreadable):
            valid += [webhook.old_secret] if webhook.old_secret else []
    return valid


def _note_success(delivery_id: int, answer: outward.Answer) -> None:
    with writing():
        tries.succeeded(delivery_id, answer.status, answer.text_start)
        _note_standing(delivery_id, Webhook.failing_since.is_not(None), failing_since=None)
        db.session.commit()


def _note_failure(
    delivery_id: int, status: int | None, words: str, *, for_good: bool = False
) -> None:
    with writing():
        is_test = _is_test(delivery_id)
        tries.failed(delivery_id, status, words, for_good=for_good or is_test)
        if not is_test:
            _note_standing(delivery_id, Webhook.failing_since.is_(None), failing_since=now())
        db.session.commit()


def _is_test(delivery_id: int) -> bool:
    """Somebody looks at what comes of it: it is neither tried once more by itself, nor held against the webhook."""
    event = select(JobEvent.name).join(Delivery).where(Delivery.id == delivery_id)
    return db.session.scalar(event) == EventName.TEST


def _note_standing(delivery_id: int, condition: Any, **values: Any) -> None:
    of_this = select(Delivery.webhook_id).where(Delivery.id == delivery_id).scalar_subquery()
    rows_changed(update(Webhook).where(Webhook.id == of_this, condition).values(**values))
