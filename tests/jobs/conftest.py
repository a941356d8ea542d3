"""Who looks at the console."""

import pytest

from app.services import accounts
from tests.jobs.shape import many


@pytest.fixture
def owner(sign_in):
    """The agent who owns the jobs of these tests."""
    return sign_in("agent@giga.test")


@pytest.fixture
def make_many(in_app, make_user):
    """So many jobs of the agent that are over."""

    def make(number):
        return many(accounts.by_email(make_user()), number)

    return make
