"""Who is told of an escalation, how often, and what is not said of customers' words."""

import json

import pytest

from app.database import writing
from app.extensions import db
from app.models import EventName, Issue, NoticeChoice, Role, Wish
from tests.fixtures.notices import events, send_all, user_id
from tests.services.insights.trends_desk import (
    DAY,
    HOUR,
    NOON,
    WEEK,
    every,
    look,
    new_issue,
    state,
    write,
)

pytestmark = pytest.mark.usefixtures("in_app")


def escalating(**values):
    """An issue with 20 tickets in an hour, where it has two in a day."""
    issue = new_issue(**values)
    write(issue, *every(12 * HOUR, NOON - 10 * WEEK, NOON + 20 * DAY))
    write(issue, *[NOON - HOUR / 2] * 20)
    return issue


def test_an_escalation_is_told_once_however_long_it_lasts():
    issue = escalating()
    write(issue, *[NOON + HOUR / 2] * 20)
    for hours in range(4):
        look(NOON + hours * HOUR)

    (told,) = events()
    assert (told.name, told.facts["tickets"], told.facts["usual"]) == (
        EventName.ESCALATING,
        20,
        0.0,
    )


def test_the_next_one_is_told_again():
    issue = escalating()
    look()
    for days in (1, 2, 3):
        look(NOON + days * DAY)
    assert state(issue) == "ongoing"
    write(issue, *[NOON + 4 * DAY] * 20)
    look(NOON + 4 * DAY + HOUR)

    assert len(events()) == 2


@pytest.mark.parametrize("hidden", ["dismissed", "merged"])
def test_of_one_that_people_put_away_nothing_is_told(hidden):
    values = {"dismissed_at": NOON} if hidden == "dismissed" else {"merged_into_id": new_issue()}
    issue = escalating(**values)
    look()

    assert events() == []
    assert db.session.get(Issue, issue).counted_as


def test_customers_words_are_in_no_mail_but_a_name_that_a_person_gave(make_user, mailbox):
    make_user("boss@giga.test", Role.ADMIN)
    make_user("busy@giga.test", Role.ADMIN)
    with writing():
        wish = NoticeChoice(user_id=user_id("boss@giga.test"), own=Wish.ALL, others=True)
        db.session.merge(wish)
        db.session.commit()
    issue = escalating(label="Call me on 555-1234")
    key = db.session.get(Issue, issue).key
    escalating(label="Toasters on fire", renamed_by_person=True)
    look()

    send_all()

    plain, named = mailbox.mails
    assert {plain["To"], named["To"]} == {"boss@giga.test"}
    assert plain["Subject"] == f"Giga Tools: issue {key} is escalating"
    assert named["Subject"] == "Giga Tools: issue “Toasters on fire” is escalating"
    text = plain.get_content()
    assert "555" not in text
    assert f"Of the issue {key} 20 tickets came in the 3 hours until 17 Nov 2025, 12:00 UTC" in text
    assert f"issue {key}, on the issues board" in text


def test_a_webhook_is_told_which_issue_and_how_many(in_app, put_webhook, receiver):
    receiver.expect_request("/hook").respond_with_data("ok")
    put_webhook(receiver.url_for("/hook"), events=[EventName.ESCALATING])
    in_app.config["PUBLIC_URL"] = "https://giga.test"
    issue = escalating(label="Call me on 555-1234")
    key = db.session.get(Issue, issue).key
    look()

    send_all()

    ((request, _),) = receiver.log
    told = json.loads(request.data)
    assert (told["event"], told["job"]) == ("issue.escalating", None)
    news = told["news"]
    assert (news["key"], news["url"]) == (key, f"https://giga.test/issues/{key}")
    assert (news["hours"], news["tickets"], news["confidence"]) == (3, 20, "high")
    assert news["label"] is None
    assert "555" not in request.data.decode()
