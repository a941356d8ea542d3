"""Webhooks that fail for long are switched off, and one that is off is sent nothing."""

from datetime import timedelta

import time_machine

from app.database import now
from app.extensions import db
from app.models import AuditEvent, EventName
from app.services.notices import outbox, posting, webhooks
from app.services.notices.webhooks import Wanted
from tests.fixtures.notices import deliveries, send_all
from tests.services.webhooks.conftest import GIVEN_UP, PATH, answer, later, received


def test_a_webhook_that_fails_for_days_is_switched_off(receiver, webhook, put_event):
    receiver.expect_request(PATH, "POST").respond_with_data("no", 500)

    with time_machine.travel(now(), tick=False) as clock:
        for day in range(6):
            put_event(EventName.COMPLETED)
            for _ in range(9):
                send_all()
                clock.shift(timedelta(hours=3))
            if day == 1:
                assert webhook.enabled
        db.session.refresh(webhook)
        waiting = [one for one in deliveries() if one.is_waiting]

    assert not webhook.enabled
    assert webhook.gave_up_at is not None
    assert waiting == []
    (noted,) = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.action == "webhook.change")
    )
    assert (noted.actor, noted.detail["after"]) == ("system", {"enabled": False})


def test_one_that_failed_once_and_was_not_needed_for_days_is_not_switched_off(
    receiver, webhook, put_event
):
    receiver.expect_request(PATH, "POST").respond_with_data("no", 500)
    put_event(EventName.COMPLETED)
    send_all()

    with later(days=5):
        outbox.hand_out()
        put_event(EventName.COMPLETED)
        send_all()

    assert webhook.enabled


def test_a_success_ends_the_time_of_failing(receiver, webhook, put_event):
    answer(receiver, 500)
    put_event(EventName.COMPLETED)
    send_all()
    assert webhook.is_failing

    answer(receiver)
    with later(seconds=61):
        send_all()

    assert not webhook.is_failing


def test_nothing_is_sent_to_a_webhook_that_was_switched_off_meanwhile(
    receiver, webhook, put_event, boss
):
    put_event(EventName.COMPLETED)
    outbox.hand_out()

    webhooks.change(webhook, Wanted(webhook.url, webhook.events, enabled=False), boss)
    db.session.commit()
    assert [(one.state, one.answer) for one in deliveries()] == [(GIVEN_UP, posting.SWITCHED_OFF)]
    send_all()

    assert received(receiver) == []


def test_nothing_is_sent_to_a_webhook_that_is_switched_off_as_it_is_tried(
    receiver, webhook, put_event
):
    put_event(EventName.COMPLETED)
    outbox.hand_out()
    webhook.enabled = False
    db.session.commit()

    posting.send_due(webhook.id)

    (delivery,) = deliveries()
    assert (delivery.state, delivery.answer) == (GIVEN_UP, posting.SWITCHED_OFF)
    assert received(receiver) == []
