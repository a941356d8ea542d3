"""Webhooks: what is sent, how it is signed, and what becomes of what does not arrive. The receiver is a real server."""

import json
import re
import socket
from datetime import timedelta
from textwrap import dedent

import pytest
import time_machine
from werkzeug import Response

from app.database import now
from app.extensions import db, redis
from app.models import AuditEvent, Delivery, DeliveryState, EventName, Role, Webhook
from app.services import accounts, guide, outward
from app.services.notices import outbox, posting, signature, webhooks
from app.services.notices.turn import turn
from app.services.notices.webhooks import Wanted
from app.services.permissions import NotPermitted
from app.tasks.notices import hand_out, send_to_webhook
from tests.fixtures.notices import deliveries, send_all

SENT, WAITING, GIVEN_UP = DeliveryState.SENT, DeliveryState.WAITING, DeliveryState.GIVEN_UP
PATH = "/hook"


@pytest.fixture
def webhook(receiver, put_webhook):
    return put_webhook(receiver.url_for(PATH))


@pytest.fixture
def boss(make_user, in_app):
    email = make_user("admin@giga.test", Role.ADMIN)
    db.session.rollback()
    return accounts.by_email(email)


def answer(receiver, status=200, body=""):
    """What the receiver answers to the next message."""
    receiver.expect_oneshot_request(PATH, "POST").respond_with_data(body, status)


def received(receiver):
    return [request for request, _ in receiver.log]


def later(**time):
    return time_machine.travel(now() + timedelta(**time))


def example():
    """The receiver that the documentation shows."""
    code = signature.__doc__.partition("A receiver in Python:\n")[2].partition("The body is")[0]
    space = {}
    exec(dedent(code), space)
    return space["is_genuine"]


def test_a_receiver_that_follows_the_documentation_knows_our_messages(receiver, webhook, put_event):
    answer(receiver)
    put_event(EventName.COMPLETED)

    send_all()

    (request,) = received(receiver)
    is_genuine = example()
    assert is_genuine(webhook.secret, request.headers, request.data)
    assert not is_genuine(webhook.secret, request.headers, request.data + b" ")
    assert not is_genuine("whsec_other", request.headers, request.data)
    with later(minutes=6):
        assert not is_genuine(webhook.secret, request.headers, request.data)


def test_the_guide_shows_the_same_receiver():
    code = signature.__doc__.partition("A receiver in Python:\n")[2].partition("The body is")[0]

    assert code.strip() in (guide.FOLDER / "notifications.md").read_text()


def test_the_message_tells_of_the_job_and_of_no_ticket(in_app, receiver, webhook, put_event):
    in_app.config["PUBLIC_URL"] = "https://giga.test"
    answer(receiver)
    event = put_event(EventName.COMPLETED, counts={"changed": 3})

    send_all()

    (request,) = received(receiver)
    told = json.loads(request.data)
    assert request.headers["Content-Type"] == "application/json"
    assert (told["id"], told["event"]) == (event.key, "job.completed")
    assert told["job"]["job_id"] == event.job_id
    assert told["job"]["url"] == f"https://giga.test/jobs/{event.job_id}"
    assert told["job"]["counts"]["changed"] == 3
    assert "worked_seconds" not in told["job"]


def test_what_arrived_is_noted_with_the_answer(receiver, webhook, put_event):
    answer(receiver, 202, "thanks")
    put_event(EventName.COMPLETED)

    send_all()

    (one,) = deliveries()
    assert (one.state, one.attempts, one.answer_status, one.answer) == (SENT, 1, 202, "thanks")
    assert one.next_try_at is None


def test_what_was_refused_is_sent_again_under_the_same_number(receiver, webhook, put_event):
    answer(receiver, 500, "out of order")
    put_event(EventName.COMPLETED)
    send_all()
    (one,) = deliveries()
    refused = one.state, one.attempts, one.answer_status, one.answer
    send_all()

    answer(receiver)
    with later(seconds=61):
        send_all()

    first, second = received(receiver)
    (one,) = deliveries()
    assert refused == (WAITING, 1, 500, "out of order")
    assert (one.state, one.attempts) == (SENT, 2)
    assert first.headers["Giga-Delivery"] == second.headers["Giga-Delivery"] == one.key
    assert first.data == second.data
    assert first.headers["Giga-Signature"] != second.headers["Giga-Signature"]


def test_the_pauses_between_tries_grow_and_after_a_day_there_is_none(receiver, webhook, put_event):
    receiver.expect_request(PATH, "POST").respond_with_data("no", 503)
    put_event(EventName.COMPLETED)
    pauses = []

    with time_machine.travel(now(), tick=False) as clock:
        send_all()
        while (one := deliveries()[0]).next_try_at:
            pauses.append((one.next_try_at - now()).total_seconds() / 60)
            clock.move_to(one.next_try_at)
            send_all()

    assert pauses == [1, 5, 30, 120, 360, 720]
    assert (one.state, one.attempts) == (GIVEN_UP, 7)


def test_a_redirect_is_not_followed(receiver, webhook, put_event):
    elsewhere = Response(status=307, headers={"Location": receiver.url_for("/elsewhere")})
    receiver.expect_request(PATH, "POST").respond_with_response(elsewhere)
    put_event(EventName.COMPLETED)

    send_all()

    assert [one.path for one in received(receiver)] == [PATH]
    (one,) = deliveries()
    assert (one.state, one.answer_status) == (WAITING, 307)


def test_of_a_huge_and_hostile_answer_little_is_kept(receiver, webhook, put_event):
    answer(receiver, 500, "<script>\0\n\u202e" + "x" * 1_000_000)
    put_event(EventName.COMPLETED)

    send_all()

    (one,) = deliveries()
    assert one.answer.startswith("<script> x")
    assert len(one.answer) == 200


def test_a_receiver_that_does_not_answer_is_left_alone_for_a_minute(
    receiver, put_webhook, put_event, monkeypatch
):
    monkeypatch.setattr(outward, "TIMEOUTS", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        put_webhook(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        for _ in range(3):
            put_event(EventName.COMPLETED)
        fine = put_webhook(receiver.url_for(PATH))
        receiver.expect_request(PATH, "POST").respond_with_data("")

        send_all()

    dead = [one for one in deliveries() if one.webhook_id != fine.id]
    assert [one.attempts for one in dead] == [1, 0, 0]
    assert all(one.next_try_at > now() + timedelta(seconds=50) for one in dead)
    assert "gave no answer" in dead[0].answer
    assert {one.state for one in deliveries() if one.webhook_id == fine.id} == {SENT}


def test_an_address_within_is_not_called(in_app, put_webhook, put_event):
    in_app.config["WEBHOOK_ALLOW_HTTP"] = True
    put_webhook("http://127.0.0.1:8000/hook")
    put_event(EventName.COMPLETED)

    send_all()

    (one,) = deliveries()
    assert one.state == GIVEN_UP
    assert "not to the internet" in one.answer


def test_for_a_day_the_old_secret_signs_too(receiver, webhook, put_event, boss):
    old, is_genuine = webhook.secret, example()
    new = webhooks.make_new_secret(webhook, boss)
    db.session.commit()

    fits = {}
    for hours in (1, 25):
        answer(receiver)
        put_event(EventName.COMPLETED)
        with later(hours=hours):
            send_all()
            message = received(receiver)[-1]
            fits[hours] = [is_genuine(one, message.headers, message.data) for one in (old, new)]

    assert fits == {1: [True, True], 25: [False, True]}


def test_a_secret_that_cannot_be_decrypted_stops_its_webhook_alone(
    in_app, receiver, webhook, put_event, boss
):
    put_event(EventName.COMPLETED)
    in_app.config["SECRET_KEY"] = "another key than the secret was encrypted with"
    db.session.expire_all()

    send_all()

    assert [(one.state, one.answer) for one in deliveries()] == [(GIVEN_UP, posting.UNREADABLE)]
    webhooks.make_new_secret(webhook, boss)
    db.session.commit()
    answer(receiver)
    put_event(EventName.COMPLETED)
    send_all()
    assert deliveries()[-1].state == SENT


def test_a_secret_is_kept_encrypted(webhook):
    kept = db.session.connection().exec_driver_sql("SELECT secret FROM webhooks").scalar()

    assert webhook.secret not in kept


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


def test_what_was_given_up_can_be_sent_again(receiver, webhook, put_event, boss):
    put_event(EventName.COMPLETED)
    outbox.hand_out()
    (one,) = deliveries()
    assert not webhooks.send_again(webhook, one.id, boss), "it is being tried"
    with later(hours=25):
        outbox.hand_out()
        assert [one.state for one in deliveries()] == [GIVEN_UP]

        assert webhooks.send_again(webhook, one.id, boss)
        db.session.commit()
        answer(receiver)
        send_all()

    assert [(one.state, one.attempts) for one in deliveries()] == [(SENT, 1)]


def test_a_test_is_sent_at_once_and_not_repeated(receiver, webhook, boss):
    answer(receiver, 404, "nobody here")

    one = webhooks.send_test(webhook, boss)

    assert (one.state, one.answer_status, one.answer) == (GIVEN_UP, 404, "nobody here")
    assert json.loads(received(receiver)[0].data)["event"] == "webhook.test"
    assert not webhook.is_failing


def test_a_worker_hands_out_and_sends(receiver, webhook, put_event):
    put_event(EventName.COMPLETED)
    hand_out()
    queued = [json.loads(one) for one in redis.client.lrange(redis.key("notices"), 0, -1)]

    answer(receiver)
    send_to_webhook(webhook.id)

    assert [one["headers"]["task"] for one in queued] == ["app.tasks.notices.send_to_webhook"]
    assert queued[0]["headers"]["argsrepr"] == f"({webhook.id},)"
    assert [one.state for one in deliveries()] == [SENT]


def test_a_slow_receiver_has_one_worker_at_a_time(receiver, webhook, put_event):
    put_event(EventName.COMPLETED)
    outbox.hand_out()

    with turn(f"webhook:{webhook.id}"):
        send_to_webhook(webhook.id)
    assert received(receiver) == []
    answer(receiver)
    send_to_webhook(webhook.id)

    assert len(received(receiver)) == 1


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
