"""The page on which people choose what they hear of by mail."""

import re

import pytest

from app.extensions import db
from app.models import AuditEvent, NoticeChoice
from tests.fixtures.notices import user_id
from tests.fixtures.visitor import Page

PAGE = "/account/notifications"


def chosen(email):
    db.session.rollback()
    choice = db.session.get(NoticeChoice, user_id(email))
    return choice and (choice.own, choice.others)


def test_whoever_has_not_chosen_hears_of_trouble(in_app, agent, mailbox):
    page = agent.get(PAGE).text

    (ticked,) = [one for one in re.findall(r"<input[^>]+radio[^>]+>", page) if "checked" in one]
    assert 'value="trouble"' in ticked


def test_what_is_chosen_is_kept_and_noted(in_app, agent):
    answer = agent.submit(PAGE, own="all")

    assert answer.status_code == 302
    assert chosen("agent@giga.test") == ("all", False)
    noted = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "notices.choose"))
    assert (noted.actor, noted.detail["before"]["own"]) == ("agent@giga.test", "trouble")
    assert noted.detail["after"]["own"] == "all"


def test_only_admins_hear_of_the_jobs_of_others(in_app, agent, admin):
    agent.submit(PAGE, own="never", others="y")
    admin.submit(PAGE, own="never", others="y")

    assert "somebody else" not in agent.get(PAGE).text
    assert "somebody else" in admin.get(PAGE).text
    assert chosen("agent@giga.test") == ("never", False)
    assert chosen("admin@giga.test") == ("never", True)


def test_admins_hear_of_plans_to_approve_until_they_choose_otherwise(in_app, agent, admin):
    approvals = re.compile(r'<input[^>]*name="approvals"[^>]*>')
    before = approvals.search(admin.get(PAGE).text)

    admin.submit(PAGE, own="never")

    assert "checked" in before[0]
    assert "checked" not in approvals.search(admin.get(PAGE).text)[0]
    assert approvals.search(agent.get(PAGE).text) is None


@pytest.mark.parametrize("own", ["", "sometimes"])
def test_what_is_no_choice_is_refused(in_app, agent, own):
    answer = agent.submit(PAGE, own=own)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert chosen("agent@giga.test") is None


def test_the_page_says_when_no_mail_is_sent(in_app, agent):
    assert "No email is sent at all" in Page(agent.get(PAGE).text).text


def test_the_page_says_nothing_of_it_when_mail_is_set(in_app, agent, mailbox):
    assert "No email is sent at all" not in Page(agent.get(PAGE).text).text
