"""A webhook and its receiver, which is a real server."""

from datetime import timedelta

import pytest
import time_machine

from app.database import now
from app.extensions import db
from app.models import DeliveryState, Role
from app.services import accounts

SENT, WAITING, GIVEN_UP = DeliveryState.SENT, DeliveryState.WAITING, DeliveryState.GIVEN_UP
PATH = "/hook"


@pytest.fixture
def webhook(receiver, put_webhook):
    return put_webhook(receiver.url_for(PATH))


@pytest.fixture
def boss(make_user, in_app):
    email = make_user("admin@giga.test", Role.ADMIN)
    db.session.rollback()
    return accounts.by_email(email)


def answer(receiver, status=200, body=""):
    """What the receiver answers to the next message."""
    receiver.expect_oneshot_request(PATH, "POST").respond_with_data(body, status)


def received(receiver):
    return [request for request, _ in receiver.log]


def later(**time):
    return time_machine.travel(now() + timedelta(**time))
