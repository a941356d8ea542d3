"""Choosing a password by a link: an invitation, or a link from an admin."""

import re
from datetime import timedelta

import pytest
import time_machine

from app.database import now, writing
from app.extensions import db
from app.models import AccountLink, AuditEvent
from app.services import accounts
from tests.auth.conftest import EMAIL, NEW, choose
from tests.fixtures.giga import PASSWORD
from tests.fixtures.visitor import Visitor


def test_an_invited_person_chooses_a_password_and_signs_in_with_it(visitor, link):
    answer = choose(visitor, link("new@giga.test", is_invited=True))

    assert answer.location == "/login"
    assert visitor.get("/").location.startswith("/login"), "a link signs nobody in"
    assert visitor.sign_in("new@giga.test", NEW).location == "/"


def test_a_new_password_takes_the_place_of_the_old_one_in_every_browser(agent, visitor, link):
    choose(visitor, link())

    assert agent.get("/").status_code == 302
    assert visitor.sign_in(EMAIL, PASSWORD).status_code == 422
    assert visitor.sign_in(EMAIL, NEW).status_code == 302


def test_the_access_tokens_that_outlive_it_are_told(visitor, link, make_token):
    path = link()
    make_token()

    answer = choose(visitor, path)

    page = visitor.get(answer.location).text
    assert "One access token of yours still works" in page
    assert 'href="/account/tokens"' in page


def test_opening_a_link_does_not_use_it_up_and_takes_it_out_of_the_address(visitor, app, link):
    path = link()

    for _ in range(2):  # by a program that looks through mails
        opened = Visitor(app).get(path)
        Visitor(app).open(path, "HEAD")

    assert opened.location == "/new-password"
    assert choose(visitor, path).location == "/login"


def test_the_page_shows_whose_password_it_is_and_leads_nowhere_else(visitor, link):
    path = link()

    page = visitor.get(visitor.get(path).location)

    assert f'value="{EMAIL}"' in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert path.rpartition("/")[2] not in page.text
    assert not re.findall(r"(?:src|href|action)=\"(?:https?:)?//", page.text)


def test_a_link_works_once(app, visitor, link):
    path = link()
    choose(visitor, path)

    late = Visitor(app)
    answer = late.get(late.get(path).location)

    assert answer.status_code == 410
    assert "does not work any more" in answer.text


def test_a_form_that_was_opened_before_the_link_was_used_changes_nothing(app, visitor, link):
    path, late = link(), Visitor(app)
    late.get(path)
    form = late.get("/new-password")
    choose(visitor, path)

    fields = dict(re.findall(r'name="(csrf_token)" type="hidden" value="([^"]+)"', form.text))
    answer = late.open(
        "/new-password", "POST", data=fields | {"password": "x" * 9 + NEW, "again": "x" * 9 + NEW}
    )

    assert (bool(fields), answer.status_code) == (True, 410)
    assert visitor.sign_in(EMAIL, NEW).status_code == 302


@pytest.mark.parametrize(
    ("is_invited", "lasts"), [(True, timedelta(days=7)), (False, timedelta(hours=24))]
)
def test_a_link_from_an_admin_works_for_so_long(visitor, link, is_invited, lasts):
    path = link("new@giga.test", is_invited=is_invited)

    with time_machine.travel(now() + lasts + timedelta(seconds=5)):
        late = visitor.get(visitor.get(path).location)
    with time_machine.travel(now() + lasts - timedelta(minutes=1)):
        in_time = choose(visitor, path)

    assert (late.status_code, in_time.location) == (410, "/login")


def test_a_newer_link_ends_the_earlier_ones(visitor, link):
    first, second = link(), link()

    assert visitor.get(visitor.get(first).location).status_code == 410
    assert choose(visitor, second).location == "/login"


def test_a_link_of_an_account_that_is_switched_off_does_not_work(app, visitor, link):
    path = link()
    with app.app_context(), writing():
        person = accounts.by_email(EMAIL)
        person.enabled = False
        db.session.commit()

    assert visitor.get(visitor.get(path).location).status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "at least 12 characters"),
        ("qwertyuiop123", "qwertyuiop123", "tried first"),
        (NEW, "blue kettle trap", "not the same password"),
        ("", "", "Type a new password."),
    ],
)
def test_a_refused_password_says_why_and_the_link_still_works(
    visitor, link, password, again, words
):
    path = link()

    refused = choose(visitor, path, password, again)

    assert (refused.status_code, words in refused.text) == (422, True)
    assert password == "" or f'value="{password}"' not in refused.text
    assert choose(visitor, path).location == "/login"


@pytest.mark.parametrize("token", ["none", "é" * 3, "x" * 5000])
def test_a_made_up_link_is_told_as_one_that_is_gone(visitor, token):
    assert visitor.get(visitor.get(f"/reset/{token}").location).status_code == 410


def test_only_the_hash_of_a_link_is_kept_and_its_use_is_noted(app, visitor, link):
    path = link()
    with app.app_context():
        (kept,) = db.session.query(AccountLink)
        assert kept.token_hash not in path

    choose(visitor, path)

    with app.app_context():
        notes = [(one.actor, one.action, one.address) for one in db.session.query(AuditEvent)]
        assert notes == [
            ("system", "user.link", ""),
            (EMAIL, "user.password.link", "127.0.0.1"),
        ]
        assert path.rpartition("/")[2] not in str(
            [one.detail for one in db.session.query(AuditEvent)]
        )
