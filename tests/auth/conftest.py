"""Links by which a password is chosen."""

import pytest

from app.database import writing
from app.extensions import db
from app.models import Role
from app.services import account_links, accounts, people
from tests.fixtures.mail import Mailbox

PUBLIC_URL = "https://giga.example.com"
NEW = "blue kettle tram"
EMAIL = "agent@giga.test"


@pytest.fixture
def link(app, make_user):
    """Make a link of a person; gives its path."""

    def link(email=EMAIL, *, is_invited=False):
        with app.app_context(), writing():
            if is_invited:
                purpose = "invite"
                _, token = people.invite(email, Role.USER, None)
            else:
                make_user(email)
                purpose, token = people.make_link(accounts.by_email(email), None)
            db.session.commit()
            return account_links.path(purpose, token)

    return link


@pytest.fixture
def mail_is_set(app, mailbox) -> Mailbox:
    app.config["PUBLIC_URL"] = PUBLIC_URL
    return mailbox


def choose(visitor, path, password=NEW, again=None):
    opened = visitor.get(path)
    return visitor.submit(opened.location, password=password, again=again or password)
