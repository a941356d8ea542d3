"""Switching off another person's second factor."""

import pytest
from sqlalchemy import text

from app.database import writing
from app.extensions import db
from app.models import Role
from app.services import accounts, two_factor
from app.services.permissions import NotPermitted

EMAIL = "agent@giga.test"


@pytest.fixture
def admin(in_app, make_user):
    made = accounts.by_email(make_user("admin@giga.test", Role.ADMIN))
    db.session.commit()
    return made


@pytest.fixture
def other(in_app, make_user):
    made = accounts.by_email(make_user("other@giga.test"))
    db.session.commit()
    return made


@pytest.fixture
def person(in_app, with_two_factor):
    with_two_factor(EMAIL)
    with writing():
        yield accounts.by_email(EMAIL)


def test_an_admin_does_it_for_somebody_who_lost_everything(admin, person):

    two_factor.reset(person, admin, "192.0.2.1")

    assert not two_factor.is_on(person)
    assert two_factor.codes_left(person) == 0


def test_nobody_else_does_and_no_admin_for_themselves(other, person):
    with pytest.raises(NotPermitted, match="Only an admin"):
        two_factor.reset(person, other, "")

    person.role = Role.ADMIN
    with pytest.raises(NotPermitted, match="your own"):
        two_factor.reset(person, person, "")

    assert two_factor.is_on(person)


def test_the_secret_is_encrypted_in_the_database(person, authenticator):
    kept = db.session.scalar(text("SELECT secret FROM two_factors"))

    assert authenticator.secret not in kept
