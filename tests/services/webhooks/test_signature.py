"""How messages are signed, and how the secret is kept."""

from textwrap import dedent

from app.extensions import db
from app.models import EventName
from app.services import guide
from app.services.notices import posting, signature, webhooks
from tests.fixtures.notices import deliveries, send_all
from tests.services.webhooks.conftest import GIVEN_UP, SENT, answer, later, received


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
