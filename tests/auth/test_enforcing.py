"""Two-factor that is demanded of admins."""

import pytest

from app.extensions import db
from app.models import Role
from app.services import settings
from tests.test_access import found

OPEN = {"account.two_factor", "account.set_up_two_factor", "auth.logout"}


@pytest.fixture
def demanded(app):
    with app.app_context():
        settings.choose("two_factor_for_admins", True, None)
        db.session.commit()


def test_an_admin_without_it_can_open_and_do_nothing_else(app, demanded, admin):
    app.config["WTF_CSRF_ENABLED"] = False

    answers = {
        (one.endpoint, one.method): admin.open(one.path, one.method).location
        for one in found(app)
        if one.endpoint not in OPEN and not one.is_public and not one.is_for_programs
    }

    assert set(answers.values()) == {"/account/two-factor"}
    assert len(answers) > 20


def test_is_told_why_and_can_sign_out(demanded, admin):
    page = admin.get("/", follow_redirects=True)

    assert "Admins need two-factor here." in page.text
    assert admin.submit("/account/two-factor", "/logout").location == "/login"


def test_a_fragment_sends_the_whole_page_there(demanded, admin):
    answer = admin.open("/now", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, "/account/two-factor")


def test_an_admin_who_has_it_goes_on(demanded, visitor, with_two_factor, authenticator):
    with_two_factor("admin@giga.test", role=Role.ADMIN)
    visitor.sign_in("admin@giga.test")
    visitor.submit("/login/code", code=authenticator.next())

    assert visitor.get("/admin").status_code == 200


def test_a_user_is_not_asked(demanded, agent):
    assert agent.get("/").status_code == 200


def test_an_admin_is_not_asked_where_it_is_not_demanded(admin):
    assert admin.get("/admin").status_code == 200
