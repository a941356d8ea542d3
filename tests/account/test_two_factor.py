"""Setting up a second factor, and what belongs to it."""

import re

import pytest

from app.extensions import db
from app.models import RecoveryCode
from tests.fixtures.giga import PASSWORD
from tests.fixtures.visitor import Visitor

EMAIL = "agent@giga.test"


def begin(visitor):
    answer = visitor.submit("/account/two-factor", password=PASSWORD)
    page = visitor.get(answer.location)
    return re.search(r'id="key">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


def test_is_on_once_a_code_proves_that_the_app_has_the_secret(authenticator, agent, app, audited):
    authenticator.secret = begin(agent)
    assert "Off" in agent.get("/account/two-factor").text

    page = agent.submit("/account/two-factor/set-up", code=authenticator.code)

    codes = re.findall(r"<code>([\w-]{19})</code>", page.text)
    assert len(set(codes)) == 10
    assert Visitor(app).sign_in(EMAIL).location == "/login/code"
    assert audited("two_factor.on") == [(EMAIL, EMAIL, {})]
    with app.app_context():
        kept = db.session.query(RecoveryCode).all()
        assert not any(one.code_hash in page.text for one in kept)


def test_the_picture_is_drawn_without_asking_anybody(authenticator, agent):
    begin(agent)

    assert 'src="data:image/svg+xml' in agent.get("/account/two-factor/set-up").text


def code_field(page):
    (field,) = re.findall(r'<input[^>]+id="code"[^>]+>', page.text)
    return field


def test_a_wrong_code_changes_nothing(authenticator, agent, app):
    authenticator.secret = begin(agent)

    answer = agent.submit("/account/two-factor/set-up", code="000000")

    assert answer.status_code == 422
    assert "not right" in answer.text
    assert (' value=""' in code_field(answer), " autofocus " in code_field(answer)) == (True, True)
    assert Visitor(app).sign_in(EMAIL).location == "/"


def test_wants_the_password_first(agent):
    answer = agent.submit("/account/two-factor", password="wrong")

    assert answer.status_code == 422
    assert agent.get("/account/two-factor/set-up").location == "/account/two-factor"


def test_what_was_begun_and_left_open_is_thrown_away(authenticator, agent):
    begin(agent)
    authenticator.wait(16 * 60)

    answer = agent.get("/account/two-factor/set-up")

    assert answer.location == "/account/two-factor"


def test_a_password_is_not_enough_to_begin_anew_while_it_is_on(
    visitor, with_two_factor, authenticator
):
    signed_in(visitor, with_two_factor, authenticator)

    answer = visitor.submit("/account/two-factor", password=PASSWORD)

    assert "Make new recovery codes" in answer.text
    assert Visitor(visitor.http.application).sign_in(EMAIL).location == "/login/code"


def signed_in(visitor, with_two_factor, authenticator):
    codes = with_two_factor()
    visitor.sign_in(EMAIL)
    visitor.submit("/login/code", code=authenticator.next())
    return codes


def test_is_switched_off_with_password_and_code(
    app, visitor, with_two_factor, authenticator, audited
):
    signed_in(visitor, with_two_factor, authenticator)

    visitor.submit("/account/two-factor/off", password=PASSWORD, code=authenticator.next())

    assert Visitor(app).sign_in(EMAIL).location == "/"
    assert audited("two_factor.off") == [(EMAIL, EMAIL, {})]


@pytest.mark.parametrize("proof", [{"password": "wrong"}, {"code": "000000"}, {"code": "used"}])
@pytest.mark.parametrize("what", ["off", "recovery-codes"])
def test_neither_is_enough_alone(app, visitor, with_two_factor, authenticator, proof, what):
    codes = signed_in(visitor, with_two_factor, authenticator)
    if proof.get("code") == "used":
        proof = {"code": authenticator.code}
    fields = {"password": PASSWORD, "code": authenticator.next() if "code" not in proof else ""}

    answer = visitor.submit(f"/account/two-factor/{what}", **fields | proof)

    assert answer.status_code == 422
    another = Visitor(app)
    another.sign_in(EMAIL)
    assert another.submit("/login/code", code=codes[0]).status_code == 302


def test_only_what_was_refused_is_to_be_typed_again(visitor, with_two_factor, authenticator):
    codes = signed_in(visitor, with_two_factor, authenticator)

    wrong_code = visitor.submit("/account/two-factor/off", password=PASSWORD, code="a wrong one")
    wrong_password = visitor.submit("/account/two-factor/off", password="wrong", code=codes[0])

    assert ' value=""' in code_field(wrong_code)
    assert f' value="{codes[0]}"' in code_field(wrong_password)


def test_new_recovery_codes_end_the_old_ones(app, visitor, with_two_factor, authenticator):
    old = signed_in(visitor, with_two_factor, authenticator)

    page = visitor.submit(
        "/account/two-factor/recovery-codes", password=PASSWORD, code=authenticator.next()
    )

    new = re.findall(r"<code>([\w-]{19})</code>", page.text)
    another = Visitor(app)
    another.sign_in(EMAIL)
    assert another.submit("/login/code", code=old[0]).status_code == 422
    assert another.submit("/login/code", code=new[0]).status_code == 302


def test_whoever_has_few_recovery_codes_left_is_told(app, visitor, with_two_factor, authenticator):
    codes = signed_in(visitor, with_two_factor, authenticator)
    for code in codes[:8]:
        another = Visitor(app)
        another.sign_in(EMAIL)
        another.submit("/login/code", code=code)

    assert "Only two recovery codes are left." in visitor.get("/account/two-factor").text
