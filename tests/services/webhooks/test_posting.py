"""What is sent, and what becomes of what does not arrive."""

import json
import socket
from datetime import timedelta

import time_machine
from werkzeug import Response

from app.database import now
from app.extensions import db, redis
from app.models import EventName
from app.services import outward
from app.services.notices import outbox, webhooks
from app.services.notices.turn import turn
from app.tasks.notices import hand_out, send_to_webhook
from tests.fixtures.notices import deliveries, send_all
from tests.services.webhooks.conftest import GIVEN_UP, PATH, SENT, WAITING, answer, later, received


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


def test_a_worker_hands_out_and_sends(receiver, webhook, put_event):
    put_event(EventName.COMPLETED)
    hand_out()
    queued = [json.loads(one) for one in redis.client.lrange(redis.key("notices"), 0, -1)]

    answer(receiver)
    send_to_webhook(webhook.id)

    assert [one["headers"]["task"] for one in queued] == ["app.tasks.notices.send_to_webhook"]
    assert queued[0]["headers"]["argsrepr"] == f"[{webhook.id}]"
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
