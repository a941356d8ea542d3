"""Signing in with a code, after the password."""

import re

import pytest

from app.extensions import db
from app.models import User
from app.services import accounts, throttle, two_factor
from tests.fixtures.giga import PASSWORD
from tests.fixtures.visitor import Page, Visitor

EMAIL = "agent@giga.test"


def type_code(visitor, code, page="/login/code"):
    return visitor.submit(page, code=code)


def test_a_password_alone_opens_nothing(visitor, with_two_factor):
    with_two_factor()

    answer = visitor.sign_in(EMAIL)

    assert answer.location == "/login/code"
    assert visitor.get("/").location.startswith("/login")


def test_the_code_of_the_app_signs_in_and_leads_where_one_was_going(
    visitor, with_two_factor, authenticator, audited
):
    with_two_factor()
    page = visitor.submit("/login?next=/jobs", email=EMAIL, password=PASSWORD).location

    answer = type_code(visitor, authenticator.next(), page)

    assert answer.location == "/jobs"
    assert visitor.get("/jobs").status_code == 200
    assert audited("sign_in") == [(EMAIL, "", {"second_factor": "app"})]


def test_spaces_in_a_code_do_no_harm(visitor, with_two_factor, authenticator):
    with_two_factor()
    visitor.sign_in(EMAIL)
    code = authenticator.next()

    assert type_code(visitor, f" {code[:3]} {code[3:]} ").status_code == 302


@pytest.mark.parametrize("steps", [-1, 1])
def test_the_telephones_clock_may_be_off_by_half_a_minute(
    visitor, with_two_factor, authenticator, steps
):
    with_two_factor()
    visitor.sign_in(EMAIL)
    code = authenticator.next() if steps < 0 else ""
    authenticator.next()
    if steps > 0:
        code = authenticator.next()
        authenticator.wait(-30)

    assert type_code(visitor, code).status_code == 302


def test_a_code_of_a_minute_ago_is_refused(visitor, with_two_factor, authenticator):
    with_two_factor()
    visitor.sign_in(EMAIL)
    code = authenticator.next()
    authenticator.next()
    authenticator.next()

    assert type_code(visitor, code).status_code == 422


def test_a_code_works_once_only(app, visitor, with_two_factor, authenticator):
    with_two_factor()
    visitor.sign_in(EMAIL)
    type_code(visitor, code := authenticator.next())
    onlooker = Visitor(app)
    onlooker.sign_in(EMAIL)

    answer = type_code(onlooker, code)

    assert answer.status_code == 422
    assert "not right, or was used before" in answer.text


def test_a_recovery_code_works_once(app, visitor, with_two_factor, audited):
    code = with_two_factor()[3]
    visitor.sign_in(EMAIL)
    first = type_code(visitor, code.upper(), "/login/code?by=recovery")
    again = Visitor(app)
    again.sign_in(EMAIL)

    second = type_code(again, code, "/login/code?by=recovery")

    assert (first.status_code, second.status_code) == (302, 422)
    assert "9 are left" in visitor.get("/").text
    assert audited("two_factor.recovery_used") == [(EMAIL, EMAIL, {"left": 9})]


@pytest.mark.parametrize("path", ["/login/code", "/login/code?by=recovery"])
def test_a_refused_code_is_not_left_in_the_field(visitor, with_two_factor, path):
    with_two_factor()
    visitor.sign_in(EMAIL)

    answer = type_code(visitor, "a wrong one", path)

    (field,) = re.findall(r'<input[^>]+id="code"[^>]+>', answer.text)
    assert (' value=""' in field, " autofocus " in field) == (True, True)


def test_a_wrong_code_is_noted_and_counted(visitor, with_two_factor, audited):
    with_two_factor()
    visitor.sign_in(EMAIL)

    for _ in range(throttle.CODE_OF_SIGN_IN.amount):
        assert type_code(visitor, "000000").status_code == 422
    answer = type_code(visitor, "000000")

    assert answer.status_code == 429
    assert "There were too many tries." in answer.text
    assert {reason["reason"] for *_, reason in audited("sign_in.refused")} == {"wrong code"}


def test_whoever_knows_the_password_has_few_codes_however_often_they_sign_in(
    app, make_user, with_two_factor, authenticator
):
    make_user()
    owner = Visitor(app)
    owner.sign_in(EMAIL)
    owner.submit("/", "/logout")
    with_two_factor()
    for number in range(3):
        attacker = Visitor(app)
        attacker.sign_in(EMAIL)
        for _ in range(throttle.CODE_OF_SIGN_IN.amount - (number == 2)):
            answer = type_code(attacker, "000000")

    assert answer.status_code == 429
    owner.sign_in(EMAIL)
    assert type_code(owner, authenticator.next()).status_code == 302


def test_the_password_counts_for_five_minutes(visitor, with_two_factor, authenticator):
    with_two_factor()
    visitor.sign_in(EMAIL)
    form = Page(visitor.get("/login/code").text)
    authenticator.wait(301)

    answer = visitor.open("/login/code", "POST", data=form.fields | {"code": authenticator.code})

    assert answer.location == "/login"
    assert "That took too long" in visitor.get("/login").text


@pytest.mark.parametrize("change", ["password", "switched off", "reset"])
def test_what_was_begun_ends_when_the_account_changes(
    app, visitor, with_two_factor, authenticator, change
):
    with_two_factor()
    visitor.sign_in(EMAIL)
    with app.app_context():
        person = db.session.query(User).one()
        if change == "password":
            accounts.change_password(person, "another long password")
        elif change == "reset":
            two_factor.reset(person, None, "")
        else:
            person.enabled = False
        db.session.commit()

    assert visitor.get("/login/code").location == "/login"


def test_a_switched_off_account_answers_as_a_wrong_password_does(app, visitor, with_two_factor):
    with_two_factor()
    with app.app_context():
        db.session.query(User).one().enabled = False
        db.session.commit()

    answer = visitor.sign_in(EMAIL)

    assert answer.status_code == 422
    assert "do not belong together" in answer.text


def test_a_secret_that_cannot_be_decrypted_leaves_the_recovery_codes(
    app, visitor, with_two_factor, authenticator
):
    codes = with_two_factor()
    app.config["ENCRYPTION_KEYS"] = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    visitor.sign_in(EMAIL)

    refused = type_code(visitor, authenticator.next())

    assert refused.status_code == 422
    assert "Use a recovery code" in refused.text
    assert type_code(visitor, codes[0]).status_code == 302


def test_nobody_types_a_code_without_the_password(visitor):
    assert visitor.get("/login/code").location == "/login"
