"""The pages for webhooks."""

import re

import pytest

from app.database import now
from app.extensions import db
from app.models import Delivery, DeliveryState, EventName, JobEvent, Webhook
from app.services.notices import outbox
from tests.fixtures.notices import deliveries
from tests.fixtures.visitor import Page

PAGE = "/admin/webhooks"
SECRET = re.compile(r"whsec_[\w-]{43}")
HOSTILE = "<script>alert('answer')</script>"


@pytest.fixture
def add(admin, receiver):
    """Send the form for a new webhook; the answer."""

    def add(path="/hook", **fields):
        asked = {"url": receiver.url_for(path), "events": [EventName.COMPLETED]}
        return admin.submit(PAGE, **(asked | fields))

    return add


def webhooks():
    db.session.rollback()
    return list(db.session.scalars(db.select(Webhook).order_by(Webhook.id)))


def text_of(answer):
    return Page(answer.text).text


def test_the_secret_is_shown_once(in_app, admin, add):
    answer = add()

    (webhook,) = webhooks()
    assert SECRET.search(answer.text).group() == webhook.secret
    assert answer.headers["Cache-Control"] == "no-store"
    for page in (PAGE, f"{PAGE}/{webhook.id}"):
        assert not SECRET.search(admin.get(page).text)


def test_a_new_secret_is_shown_once_too(in_app, admin, add):
    add()
    before = webhooks()[0].secret

    answer = admin.submit(f"{PAGE}/1", f"{PAGE}/1/secret")

    shown = SECRET.search(answer.text).group()
    assert shown == webhooks()[0].secret != before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": ""}, "Type the address."),
        ({"url": "https://10.0.0.1/hook"}, "not to the internet"),
        ({"url": "https://no-such-host.invalid/"}, "There is no host named"),
        ({"events": []}, "Tick at least one."),
        ({"events": ["job.exploded"]}, "not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_kept(in_app, add, fields, words):
    answer = add(**fields)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert fields.get("url", "/hook") in answer.text
    assert webhooks() == []


def test_one_address_is_added_once(in_app, add):
    add()

    answer = add()

    assert answer.status_code == 422
    assert "There is a webhook for this address already." in text_of(answer)


def test_a_webhook_is_changed(in_app, admin, add):
    add()
    asked = {"url": webhooks()[0].url + "-2", "events": [EventName.FAILED, EventName.PAUSED]}

    answer = admin.submit(f"{PAGE}/1", **asked)

    (webhook,) = webhooks()
    assert answer.status_code == 302
    assert (webhook.url, webhook.events) == (asked["url"], ["job.failed", "job.paused"])
    assert not webhook.enabled, "its tick was not sent"


def test_a_refused_change_leaves_it_as_it_was(in_app, admin, add):
    add()
    before = webhooks()[0].url

    answer = admin.submit(f"{PAGE}/1", url="https://10.0.0.1/", events=["job.failed"])

    assert answer.status_code == 422
    assert "https://10.0.0.1/" in answer.text
    assert webhooks()[0].url == before


def test_a_test_says_what_the_receiver_answered(in_app, admin, add, receiver):
    add()
    receiver.expect_oneshot_request("/hook").respond_with_data(HOSTILE, 500)
    receiver.expect_oneshot_request("/hook").respond_with_data("welcome", 200)

    said = []
    for _ in range(2):
        admin.submit(f"{PAGE}/1", f"{PAGE}/1/test")
        said.append(admin.get(f"{PAGE}/1"))

    assert "The receiver answered 500" in said[0].text
    assert HOSTILE not in said[0].text
    assert "It works: the receiver answered 200." in text_of(said[1])
    assert "welcome" in text_of(said[1])


def test_an_answer_and_a_title_are_shown_as_text(in_app, admin, add, put_event):
    add()
    event = put_event(EventName.COMPLETED, title=HOSTILE)
    db.session.add(Delivery(event=event, webhook_id=1, answer=HOSTILE, answer_status=500))
    db.session.commit()

    page = admin.get(f"{PAGE}/1")

    assert HOSTILE not in page.text
    assert page.text.count("&lt;script&gt;") >= 2


def test_what_was_not_sent_is_sent_again(in_app, admin, add, put_event):
    add()
    put_event(EventName.COMPLETED)
    outbox.hand_out()
    db.session.query(Delivery).update({"state": DeliveryState.GIVEN_UP, "next_try_at": None})
    db.session.commit()
    (one,) = deliveries()

    admin.submit(f"{PAGE}/1", f"{PAGE}/1/deliveries/{one.id}/again")

    assert "It is being sent again" in admin.get(f"{PAGE}/1").text
    assert [one.state for one in deliveries()] == [DeliveryState.WAITING]


def test_a_delivery_is_sent_again_only_by_way_of_its_own_webhook(in_app, admin, add, put_event):
    add()
    add("/other", events=[EventName.FAILED])
    put_event(EventName.COMPLETED)
    outbox.hand_out()
    db.session.query(Delivery).update({"state": DeliveryState.GIVEN_UP, "next_try_at": None})
    db.session.commit()

    admin.submit(f"{PAGE}/2", f"{PAGE}/2/deliveries/{deliveries()[0].id}/again")

    assert [one.state for one in deliveries()] == [DeliveryState.GIVEN_UP]


def test_nothing_is_sent_again_by_one_that_is_off(in_app, admin, put_webhook):
    put_webhook(enabled=False)

    admin.submit(f"{PAGE}/1", f"{PAGE}/1/deliveries/1/again")

    assert "Switch it on, then send this again." in admin.get(f"{PAGE}/1").text


def many(number, states):
    """So many deliveries of the first webhook, in these states by turns."""
    events = [
        JobEvent(name=EventName.FAILED, due_at=None, facts={"title": f"Job {n}"})
        for n in range(number)
    ]
    db.session.add_all(
        Delivery(event=event, webhook_id=1, state=states[n % len(states)], next_try_at=None)
        for n, event in enumerate(events)
    )
    db.session.commit()


def test_a_thousand_deliveries_are_shown_page_by_page(in_app, admin, put_webhook, statements):
    put_webhook()
    many(1000, [DeliveryState.SENT, DeliveryState.GIVEN_UP])

    newest = admin.get(f"{PAGE}/1").text
    following = re.search(r'rel="next" href="([^"]+)"', newest).group(1)
    second = admin.get(following.replace("&amp;", "&")).text
    given_up = admin.get(f"{PAGE}/1?state=given_up").text

    assert newest.count("<tr>") == second.count("<tr>") == 26
    assert not set(titles(newest)) & set(titles(second))
    assert all(int(title.split()[1]) % 2 for title in titles(given_up))
    assert len(statements(lambda: admin.get(f"{PAGE}/1"))) < 15


def titles(html):
    return re.findall(r"Job \d+", html)


def test_one_that_was_switched_off_by_itself_says_so(in_app, admin, put_webhook):
    put_webhook(enabled=False, gave_up_at=now(), failing_since=now())

    assert "It was switched off by itself" in admin.get(f"{PAGE}/1").text
    admin.submit(f"{PAGE}/1", url="https://93.184.216.34/", events=["job.failed"], enabled="y")

    assert "It was switched off by itself" not in admin.get(f"{PAGE}/1").text
    assert webhooks()[0].enabled


def test_a_webhook_is_deleted(in_app, admin, add):
    add()

    admin.submit(f"{PAGE}/1", f"{PAGE}/1/delete")

    assert webhooks() == []
    assert admin.open(f"{PAGE}/1").status_code == 404


@pytest.mark.parametrize("number", [2, 2**31, 10**30])
def test_there_is_no_page_for_one_that_is_not_there(admin, number):
    assert admin.get(f"{PAGE}/{number}").status_code == 404


def test_users_do_not_come_near_them(in_app, agent, put_webhook):
    put_webhook()

    assert agent.get(PAGE).status_code == 403
    assert agent.get(f"{PAGE}/1").status_code == 403


def test_the_list_needs_no_key(in_app, admin, add):
    add()
    in_app.config["ENCRYPTION_KEYS"] = "bm90IHRoZSBrZXkgdGhhdCBpdCB3YXMgd3JpdHRlbiE="

    assert admin.get(PAGE).status_code == admin.get(f"{PAGE}/1").status_code == 200
