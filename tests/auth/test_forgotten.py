"""A password that was forgotten is chosen anew by a mailed link, which tells nobody who has an account."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from redis import Redis, RedisError
from sqlalchemy import event

from app.database import now, writing
from app.extensions import db, redis
from app.models import AccountLink, AuditEvent, Role
from app.services import accounts, forgotten, memo, people
from app.tasks.account_mail import mail_reset_link
from deploy.ports import any_free
from tests.auth.conftest import EMAIL, NEW, PUBLIC_URL, choose
from tests.fixtures.visitor import Visitor


def queued():
    messages = [json.loads(one) for one in redis.lrange("giga:upkeep", 0, -1)]
    return [(one["headers"]["task"], one["headers"]["argsrepr"]) for one in messages]


def work(app):
    """What a worker does with what was queued."""
    with app.app_context():
        for _, arguments in queued():
            mail_reset_link(int(re.sub(r"\D", "", arguments)))
        redis.delete("giga:upkeep")


def ask(visitor, email=EMAIL):
    answer = visitor.submit("/forgot", email=email)
    return answer, visitor.get(answer.location) if answer.location else answer


def test_a_forgotten_password_is_chosen_anew_by_a_mailed_link(app, visitor, mail_is_set, make_user):
    make_user(EMAIL)

    ask(visitor, " Agent@Giga.test")
    work(app)

    (link,) = re.findall(rf"{PUBLIC_URL}(/reset/\S+)", mail_is_set.words())
    assert mail_is_set.recipients == [[EMAIL]]
    assert choose(visitor, link).location == "/login"
    assert visitor.sign_in(EMAIL, NEW).status_code == 302


def test_a_link_that_was_asked_for_works_for_an_hour(app, visitor, mail_is_set, make_user):
    make_user(EMAIL)
    ask(visitor)
    work(app)
    (link,) = re.findall(rf"{PUBLIC_URL}(/reset/\S+)", mail_is_set.words())

    with time_machine.travel(now() + timedelta(minutes=61)):
        assert visitor.get(visitor.get(link).location).status_code == 410


def test_neither_the_answer_nor_what_is_done_for_it_tells_whether_there_is_an_account(
    app, visitor, mail_is_set, make_user, statements_of_request, monkeypatch
):
    monkeypatch.setattr(memo, "SECONDS", 0.0)  # what pages know for a second, each reads
    make_user(EMAIL)
    make_user("off@giga.test")
    with app.app_context(), writing():
        accounts.by_email("off@giga.test").enabled = False
        people.invite("new@giga.test", Role.USER, None)
        db.session.commit()
    emails = [EMAIL, "nobody@giga.test", "off@giga.test", "new@giga.test"]

    monkeypatch.setattr(memo, "SECONDS", 60.0)
    visitor.get("/login")  # what every page asks now and then is known by then

    answers = [statements_of_request(lambda email=one: ask(visitor, email)) for one in emails]

    pages = {page.text for (_, page), _ in answers}
    asked_of_database = {tuple(asked) for _, asked in answers}
    assert len(pages) == len(asked_of_database) == 1
    assert len(queued()) == 4
    work(app)
    assert mail_is_set.recipients == [[EMAIL]]


# The account in the head of each page is looked up once a second, whatever is asked.
FOR_THE_BADGE = ("BEGIN", "SELECT zendesk_settings.")


@pytest.fixture
def statements_of_request(app):
    """What a request answers, and what it asks the database."""

    def noted(request):
        asked = []

        def note(_connection, _cursor, statement, *_):
            if not statement.startswith(FOR_THE_BADGE):
                asked.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        answer = request()
        event.remove(engine, "before_cursor_execute", note)
        return answer, asked

    return noted


def test_the_message_to_the_worker_names_nobody_and_no_secret(app, visitor, mail_is_set, make_user):
    make_user(EMAIL)

    ask(visitor)

    ((task, arguments),) = queued()
    assert task == "app.tasks.account_mail.mail_reset_link"
    assert re.fullmatch(r"[\[(]\d+,?[\])]", arguments)
    with app.app_context():
        assert db.session.query(AccountLink).one().token_hash is None


def test_a_message_that_comes_twice_mails_once(app, visitor, mail_is_set, make_user):
    make_user(EMAIL)
    ask(visitor)
    with app.app_context():
        link_id = db.session.query(AccountLink).one().id

    for _ in range(2):
        with app.app_context():
            mail_reset_link(link_id)

    assert len(mail_is_set.mails) == 1


def test_nobodys_mailbox_is_filled_and_the_answer_stays_the_same(visitor, mail_is_set, make_user):
    make_user(EMAIL)

    answers = [ask(visitor)[1].text for _ in range(5)]

    assert len(set(answers)) == 1
    assert len(queued()) == forgotten.OF_EMAIL.amount == 3


def test_one_place_cannot_have_mail_sent_to_everybody(app, visitor, mail_is_set):
    with app.app_context():
        asked = [forgotten.ask(f"p{number}@giga.test", "192.0.2.1") for number in range(31)]
        elsewhere = forgotten.ask("p@giga.test", "192.0.2.2")

    assert (asked[-1], None in asked[:-1], elsewhere is None) == (None, False, False)


def test_a_network_of_addresses_is_one_place(app, visitor, mail_is_set):
    with app.app_context():
        for number in range(30):
            forgotten.ask(f"p{number}@giga.test", f"2001:db8:1:2::{number:x}")

        assert forgotten.ask("p@giga.test", "2001:db8:1:2::ffff") is None
        assert forgotten.ask("p@giga.test", "2001:db8:1:3::1") is not None


def test_an_expired_invitation_is_not_made_good_by_asking_oneself(app, visitor, mail_is_set, link):
    with time_machine.travel(now() - timedelta(days=8)):
        link("new@giga.test", is_invited=True)

    ask(visitor, "new@giga.test")
    work(app)

    assert mail_is_set.mails == []


def test_a_mailed_link_never_leads_to_the_host_that_somebody_claimed(app, mail_is_set, make_user):
    make_user(EMAIL)
    app.config["WTF_CSRF_ENABLED"] = False
    asked = {"method": "POST", "data": {"email": EMAIL}}

    claimed = Visitor(app).open("/forgot", headers={"Host": "evil.test"}, **asked)
    app.config["ALLOWED_HOSTS"] = "evil.test"
    Visitor(app).open("/forgot", headers={"Host": "evil.test"}, **asked)
    work(app)

    assert claimed.status_code == 400
    assert len(mail_is_set.recipients) == 1
    assert PUBLIC_URL in mail_is_set.words()
    assert "evil.test" not in mail_is_set.words()


@pytest.mark.parametrize("setting", ["SMTP_URL", "PUBLIC_URL"])
def test_where_no_link_can_be_mailed_the_page_says_whom_to_ask(app, visitor, mail_is_set, setting):
    app.config |= {setting: "", "WTF_CSRF_ENABLED": False}

    page = visitor.get("/forgot")
    answer = visitor.open("/forgot", "POST", data={"email": EMAIL})

    assert "Ask one of your admins" in page.text
    assert "<form" not in page.text.partition("<main")[2]
    assert answer.text == page.text
    assert queued() == []


def test_a_mail_that_cannot_be_sent_is_noted_for_admins_alone(app, visitor, mail_is_set, make_user):
    make_user(EMAIL)
    mail_is_set.refuses = "550 No such person here"

    _, page = ask(visitor)
    work(app)

    assert "If there is an account" in page.text
    with app.app_context():
        last = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
        assert last.action == "user.password.forgotten.unmailed"
        assert "550 No such person here" in last.detail["reason"]


def test_without_redis_the_answer_is_the_same(app, visitor, mail_is_set, make_user, monkeypatch):
    make_user(EMAIL)
    nowhere = f"redis://127.0.0.1:{any_free()}/0"
    monkeypatch.setattr(redis, "client", Redis.from_url(nowhere))
    app.extensions["celery"].conf.broker_url = nowhere

    _, page = ask(visitor)

    assert "If there is an account" in page.text
    with pytest.raises(RedisError):
        queued()


def test_the_sign_in_leads_to_it(visitor):
    assert 'href="/forgot"' in visitor.get("/login").text


def test_what_is_no_email_is_said_beside_its_field(visitor, mail_is_set):
    answer = visitor.submit("/forgot", email="nobody")

    assert answer.status_code == 422
    assert "is not an email address" in answer.text
    assert 'value="nobody"' in answer.text
