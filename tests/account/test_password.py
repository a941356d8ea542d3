"""Changing one's own password."""

import pytest

from app.extensions import db
from app.services import api_tokens, throttle
from tests.fixtures.giga import PASSWORD
from tests.fixtures.visitor import Visitor

NEW = "a rather different sentence"


def change(visitor, password=PASSWORD, new=NEW, again=None):
    fields = {"password": password, "new": new, "again": new if again is None else again}
    return visitor.submit("/account/password", **fields)


def test_the_new_password_signs_in_and_the_old_one_does_not(app, agent, audited):
    answer = change(agent)

    assert "Your password is changed." in agent.get(answer.location).text
    assert Visitor(app).sign_in("agent@giga.test", NEW).status_code == 302
    assert Visitor(app).sign_in("agent@giga.test", PASSWORD).status_code == 422
    assert audited("password.change") == [
        ("agent@giga.test", "agent@giga.test", {"sessions_ended": 0})
    ]


def test_all_other_sessions_end_and_this_one_stays(agent, sign_in):
    elsewhere = sign_in()

    answer = change(agent)

    assert "Your other session was ended." in agent.get(answer.location).text
    assert elsewhere.get("/").status_code == 302


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ""),
        (1, "One access token of yours still works: a new password does not end it."),
        (2, "2 access tokens of yours still work: a new password does not end them."),
    ],
)
def test_whoever_has_access_tokens_that_work_is_told(app, agent, make_token, number, words):
    tokens = [make_token() for _ in range(number + 1)]
    with app.app_context():
        api_tokens.revoke(api_tokens.owner_of(tokens[0]))
        db.session.commit()

    page = agent.get(change(agent).location).text

    told = 'Revoke what you do not know: <a href="/account/tokens">' in page
    assert (words in page, told) == (True, number > 0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": "wrong"}, "This is not your current password."),
        ({"new": "too short"}, "at least 12 characters"),
        ({"again": "another"}, "not the same as the new password"),
        ({"new": ""}, "Type a new password."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(app, agent, sign_in, typed, words):
    elsewhere = sign_in()

    answer = change(agent, **typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert elsewhere.get("/").status_code == 200
    assert Visitor(app).sign_in("agent@giga.test").status_code == 302


def test_whoever_finds_an_open_browser_has_few_tries(agent):
    for _ in range(throttle.PROOF.amount):
        assert change(agent, password="wrong").status_code == 422

    answer = change(agent)

    assert answer.status_code == 429
    assert "There were too many tries." in answer.text
