"""Webhooks as admins handle them: add one, change it, try it, look at what was sent, send it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import contains_eager

from app.database import now
from app.extensions import db, rows_changed
from app.models import (
    GIVEN_UP_AFTER,
    Delivery,
    DeliveryState,
    EventName,
    JobEvent,
    User,
    Webhook,
)
from app.services import audit, outward
from app.services.notices import posting, tries
from app.services.notices.signature import new_secret
from app.services.paging import Listed, paged
from app.services.permissions import NotPermitted

NOT_SENT = (DeliveryState.WAITING, DeliveryState.GIVEN_UP)
MOST = 20
DELIVERIES_A_PAGE = 25
# A receiver has so long to learn the new secret before the old one signs no more.
OLD_SECRET_FOR = timedelta(hours=24)
# The one of a test goes to every webhook that is tried.
EVENTS = tuple(one for one in EventName if one is not EventName.TEST)


@dataclass(frozen=True)
class Wanted:
    url: str
    events: Sequence[str]
    enabled: bool = True


@dataclass(frozen=True)
class Standing:
    """A webhook as the list shows it."""

    webhook: Webhook
    waiting: int
    given_up: int


def everyone() -> list[Standing]:
    webhooks = db.session.scalars(select(Webhook).order_by(Webhook.id)).all()
    return [Standing(one, **_numbers(one.id)) for one in webhooks]


def _numbers(webhook_id: int) -> dict[str, int]:
    rows = select(Delivery.state, func.count()).where(
        Delivery.webhook_id == webhook_id, Delivery.state.in_(NOT_SENT)
    )
    found: dict[str, int] = {
        one[0]: one[1] for one in db.session.execute(rows.group_by(Delivery.state))
    }
    return {name: found.get(name, 0) for name in NOT_SENT}


def create(wanted: Wanted, user: User, address: str = "") -> Webhook:
    """A new webhook, with the secret that its receiver needs. Adding the same address twice is refused.

    Raises NotPermitted, and outward.Refused and Unreachable for the address. Commits before names are resolved; the
    caller commits the rest.
    """
    _check(user, wanted.url)
    if len(db.session.scalars(select(Webhook.id)).all()) >= MOST:
        raise NotPermitted(f"There are {MOST} webhooks already. Delete one first.", "url")
    webhook = Webhook(
        url=wanted.url, events=list(wanted.events), enabled=wanted.enabled, secret=new_secret()
    )
    db.session.add(webhook)
    db.session.flush()
    audit.record(
        user, "webhook.create", str(webhook.id), address, before=None, after=_told(webhook)
    )
    return webhook


def change(webhook: Webhook, wanted: Wanted, user: User, address: str = "") -> None:
    """Raises and commits as `create` does."""
    webhook_id = webhook.id
    _check(user, wanted.url, besides=webhook_id)
    webhook = db.session.get_one(Webhook, webhook_id)
    before, old_url = _told(webhook), webhook.url
    if wanted.enabled and not webhook.enabled:
        webhook.failing_since = webhook.gave_up_at = None  # it begins anew
    webhook.url, webhook.events, webhook.enabled = wanted.url, list(wanted.events), wanted.enabled
    if not webhook.enabled:
        tries.give_up(Delivery.webhook_id == webhook.id, answer=posting.SWITCHED_OFF)
    after = _told(webhook)
    if after != before or old_url != webhook.url:
        audit.record(user, "webhook.change", str(webhook.id), address, before=before, after=after)


def make_new_secret(webhook: Webhook, user: User, address: str = "") -> str:
    """The new secret. The old one signs too for a day. The caller commits. Raises NotPermitted."""
    _refuse_others(user)
    until = now() + OLD_SECRET_FOR
    rows_changed(
        update(Webhook)
        .where(Webhook.id == webhook.id)
        # As it stands in the database: it may be one that we cannot decrypt any more.
        .values(old_secret=Webhook.secret, old_secret_until=until)
    )
    secret = new_secret()
    rows_changed(update(Webhook).where(Webhook.id == webhook.id).values(secret=secret))
    audit.record(user, "webhook.new_secret", str(webhook.id), address, host=webhook.host)
    return secret


def delete(webhook: Webhook, user: User, address: str = "") -> None:
    """With the log of what was sent. The caller commits. Raises NotPermitted."""
    _refuse_others(user)
    before = _told(webhook)
    audit.record(user, "webhook.delete", str(webhook.id), address, before=before, after=None)
    db.session.delete(webhook)


def send_test(webhook: Webhook, user: User, address: str = "") -> Delivery:
    """Send a message of no job, here and now, and give what came of it. Commits. Raises NotPermitted."""
    _refuse_others(user)
    event = JobEvent(name=EventName.TEST, due_at=None)
    delivery = Delivery(event=event, webhook_id=webhook.id)
    db.session.add(delivery)
    audit.record(user, "webhook.test", str(webhook.id), address, host=webhook.host)
    db.session.flush()
    tries.take(delivery.id, 0)
    db.session.commit()
    posting.attempt(delivery.id)
    return delivery


def send_again(webhook: Webhook, delivery_id: int, user: User, address: str = "") -> bool:
    """Let a delivery begin anew. False if it is being tried anyway, or is gone. The caller commits.

    Raises NotPermitted.
    """
    _refuse_others(user)
    if not webhook.enabled:
        raise NotPermitted("The webhook is switched off. Switch it on, then send this again.")
    at = now()
    begun = rows_changed(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.webhook_id == webhook.id)
        .where(Delivery.next_try_at.is_(None))
        .values(
            state=DeliveryState.WAITING,
            attempts=0,
            next_try_at=at,
            gives_up_at=at + GIVEN_UP_AFTER,
        )
    )
    if begun:
        target = str(webhook.id)
        audit.record(user, "webhook.send_again", target, address, delivery=delivery_id)
    return begun == 1


def deliveries(
    webhook: Webhook,
    state: DeliveryState | None = None,
    *,
    before: int | None = None,
    after: int | None = None,
) -> Listed[Delivery]:
    """What was sent, or is to be, newest first."""
    rows = (
        select(Delivery)
        .join(Delivery.event)
        .options(contains_eager(Delivery.event))
        .where(Delivery.webhook_id == webhook.id)
    )
    if state:
        rows = rows.where(Delivery.state == state)
    page = {"before": before, "after": after, "newest_first": True}
    return paged(rows, Delivery.id, DELIVERIES_A_PAGE, **page)


def _check(user: User, url: str, besides: int | None = None) -> None:
    """May the user, and may we call this address? No transaction stays open while its name is resolved."""
    _refuse_others(user)
    db.session.commit()
    outward.check(url)
    others = select(Webhook.id).where(Webhook.url == url, Webhook.id != (besides or 0))
    if db.session.scalar(others.limit(1)) is not None:
        raise NotPermitted("There is a webhook for this address already.", "url")


def _refuse_others(user: User) -> None:
    if not user.is_admin:
        raise NotPermitted("Only an admin may see to webhooks.")


def _told(webhook: Webhook) -> dict[str, object]:
    """What the audit log holds of it. The rest of the address may be known to its receiver alone."""
    return {"host": webhook.host, "events": list(webhook.events), "enabled": webhook.enabled}
