"""What admins do with webhooks: make, change, try and delete them."""

import json
import re

import pytest

from app.extensions import db
from app.models import AuditEvent, Delivery, EventName, Webhook
from app.services import accounts, outward
from app.services.notices import outbox, webhooks
from app.services.notices.webhooks import Wanted
from app.services.permissions import NotPermitted
from tests.services.webhooks.conftest import GIVEN_UP, answer, received


def test_a_test_is_sent_at_once_and_not_repeated(receiver, webhook, boss):
    answer(receiver, 404, "nobody here")

    one = webhooks.send_test(webhook, boss)

    assert (one.state, one.answer_status, one.answer) == (GIVEN_UP, 404, "nobody here")
    assert json.loads(received(receiver)[0].data)["event"] == "webhook.test"
    assert not webhook.is_failing


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("hooks.example.com", "Type a whole address"),
        ("http://93.184.216.34/", "must begin with https://"),
        ("https://127.0.0.1/", "not to the internet"),
        ("https://169.254.169.254/latest/meta-data", "not to the internet"),
        ("https://ada:secret@93.184.216.34/", "no name or password"),
    ],
)
def test_an_address_that_must_not_be_called_is_not_taken(boss, url, words):
    with pytest.raises(outward.Refused, match=re.escape(words)):
        webhooks.create(Wanted(url, [EventName.COMPLETED]), boss)

    assert db.session.scalars(db.select(Webhook)).all() == []


def test_only_admins_see_to_webhooks(receiver, webhook, make_user):
    email = make_user("agent@giga.test")
    db.session.rollback()
    agent, wanted = accounts.by_email(email), Wanted(webhook.url, [])

    for act in (
        lambda: webhooks.create(wanted, agent),
        lambda: webhooks.change(webhook, wanted, agent),
        lambda: webhooks.make_new_secret(webhook, agent),
        lambda: webhooks.send_test(webhook, agent),
        lambda: webhooks.send_again(webhook, 1, agent),
        lambda: webhooks.delete(webhook, agent),
    ):
        with pytest.raises(NotPermitted):
            act()

    assert received(receiver) == []


def test_what_is_done_to_webhooks_stands_in_the_audit_log_without_its_path(receiver, boss):
    url = receiver.url_for("/secret-path")
    webhook = webhooks.create(Wanted(url, [EventName.FAILED]), boss, "192.0.2.7")
    webhooks.change(webhook, Wanted(url + "-2", [EventName.PAUSED]), boss)
    webhooks.make_new_secret(webhook, boss)
    secret = webhook.secret
    webhooks.delete(webhook, boss)
    db.session.commit()

    noted = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [one.action for one in noted] == [
        "webhook.create",
        "webhook.change",
        "webhook.new_secret",
        "webhook.delete",
    ]
    assert noted[1].detail["before"]["events"] == ["job.failed"]
    assert noted[1].detail["after"]["events"] == ["job.paused"]
    assert not any(word in str(one.detail) for one in noted for word in ("secret-path", secret))


def test_a_webhook_goes_with_its_log(webhook, put_event, boss):
    put_event(EventName.COMPLETED)
    outbox.hand_out()

    webhooks.delete(webhook, boss)
    db.session.commit()

    assert db.session.scalar(db.select(Delivery.id)) is None
