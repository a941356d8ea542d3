"""The page on which people make access tokens and revoke them."""

import re

import pytest

from app.extensions import db
from app.models import ApiToken
from tests.fixtures.giga import PASSWORD
from tests.fixtures.visitor import Page

PAGE = "/account/tokens"
ASKED = {"name": "Nightly", "scope": "write", "days": "90", "password": PASSWORD}


def made(page):
    return re.search(r'value="(giga_[\w-]{40})"', page.text)[1]


def test_a_token_is_shown_once_and_works(app, agent):
    page = agent.submit(PAGE, **ASKED)
    secret = made(page)
    headers = {"Authorization": f"Bearer {secret}"}

    assert app.test_client().get("/api/v1/jobs", headers=headers).status_code == 200
    again = agent.get(PAGE).text
    assert secret not in again
    assert secret[:10] in again
    assert "read and write" in Page(again).text


def test_a_revoked_token_stays_in_the_list_and_is_turned_away(app, agent):
    headers = {"Authorization": f"Bearer {made(agent.submit(PAGE, **ASKED))}"}

    agent.submit(PAGE, f"{PAGE}/1/revoke")

    assert app.test_client().get("/api/v1/jobs", headers=headers).status_code == 401
    assert "“Nightly” is revoked." in Page(agent.get(PAGE).text).text


def test_nobody_else_sees_or_revokes_a_token(app, agent, admin):
    agent.submit(PAGE, **ASKED)

    answer = admin.submit(PAGE, f"{PAGE}/1/revoke")

    assert answer.status_code == 404
    assert "You have none." in admin.get(PAGE).text
    with app.app_context():
        assert db.session.get(ApiToken, 1).revoked_at is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Type a name"),
        ("name", " ", "Type a name"),
        ("name", "x" * 81, "At most 80 characters."),
        ("scope", "all", "Not a valid choice"),
        ("days", "4000", "Not a valid choice"),
        ("password", "", "Type your current password."),
        ("password", "not the password", "This is not your current password."),
    ],
)
def test_bad_input_gets_a_message_and_makes_no_token(app, agent, field, typed, words):
    answer = agent.submit(PAGE, **(ASKED | {field: typed}))

    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert db.session.query(ApiToken).count() == 0


def test_whoever_finds_an_open_browser_has_few_tries_to_make_a_token(app, agent):
    for _ in range(10):
        agent.submit(PAGE, **(ASKED | {"password": "not the password"}))

    answer = agent.submit(PAGE, **ASKED)

    assert answer.status_code == 429
    assert "There were too many tries." in answer.text
    with app.app_context():
        assert db.session.query(ApiToken).count() == 0


def test_a_name_is_shown_as_text(agent):
    page = agent.submit(PAGE, **(ASKED | {"name": "<b>bold"}))

    assert "<b>bold" not in page.text
    assert "&lt;b&gt;bold" in page.text
