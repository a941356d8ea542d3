"""Signing in and out."""

import pytest

from app.extensions import db
from app.models import AuditEvent, User
from app.services import accounts
from tests.fixtures.giga import PASSWORD


def test_everything_asks_for_a_sign_in_and_goes_on_where_one_was(visitor, make_user):
    sent_away = visitor.get("/jobs?status=running")

    signed_in = visitor.submit(
        sent_away.location, email=make_user("a@giga.test"), password=PASSWORD
    )

    assert sent_away.location == "/login?next=/jobs?status%3Drunning"
    assert signed_in.location == "/jobs?status=running"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "javascript:alert(1)",
        "/\n/evil.test",
        "http://[",
    ],
)
def test_nobody_is_sent_to_another_site(visitor, make_user, elsewhere):
    email = make_user()

    answer = visitor.open("/login", query_string={"next": elsewhere})
    page = visitor.submit(answer.request.full_path, email=email, password=PASSWORD)

    assert page.location == "/"


def test_the_address_may_be_typed_in_any_case(visitor, make_user):
    make_user("agent@giga.test")

    assert visitor.sign_in(" Agent@Giga.test ").status_code == 302


@pytest.mark.parametrize("email", ["agent@giga.test", "nobody@giga.test"])
def test_a_wrong_sign_in_says_the_same_whether_the_account_exists_or_not(visitor, make_user, email):
    make_user("agent@giga.test")

    answer = visitor.sign_in(email, "wrong")

    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert f'value="{email}"' in answer.text
    assert "wrong" not in answer.text


def test_an_account_that_is_switched_off_cannot_sign_in(app, visitor, make_user):
    email = make_user()
    change_user(app, email, enabled=False)

    assert visitor.sign_in(email).status_code == 422


def test_switching_an_account_off_ends_its_session(app, agent):
    change_user(app, "agent@giga.test", enabled=False)

    assert agent.get("/").status_code == 302


def test_a_password_that_somebody_else_sets_ends_every_session(app, agent):
    with app.app_context():
        accounts.change_password(db.session.query(User).one(), "another long password")
        db.session.commit()

    assert agent.get("/").status_code == 302


def change_user(app, email, **values):
    with app.app_context():
        db.session.query(User).filter_by(email=email).update(values)
        db.session.commit()


def test_signing_out_ends_the_session(agent):
    answer = agent.submit("/", "/logout")

    assert answer.location == "/login"
    assert agent.get("/").status_code == 302


def test_signing_in_and_out_is_noted(app, agent):
    agent.submit("/", "/logout")

    with app.app_context():
        notes = [(one.actor, one.action, one.address) for one in db.session.query(AuditEvent)]
    assert notes == [
        ("agent@giga.test", "sign_in", "127.0.0.1"),
        ("agent@giga.test", "sign_out", "127.0.0.1"),
    ]


def test_a_form_without_its_token_changes_nothing(app, agent):
    answer = agent.open("/logout", "POST")

    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert agent.get("/").status_code == 200
