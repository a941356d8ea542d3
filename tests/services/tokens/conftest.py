"""A connection to Zendesk, and the tokens that are kept of it."""

from io import BytesIO

import pytest
import requests
from flask import current_app

from app.database import now
from app.extensions import db
from app.models import Method, OAuthToken, ZendeskSettings
from app.services import connection
from app.zendesk.oauth import Grant


@pytest.fixture
def minted(sandbox):
    """How often the sandbox's token address was called."""
    return lambda: sandbox.summary()["requests_by_route"].get("POST /oauth/tokens", 0)


@pytest.fixture
def connected(in_app, sandbox):
    """Connected by an admin's consent: an access token and a refresh token are kept."""
    db.session.add(ZendeskSettings(subdomain="sandbox", method=Method.AUTHORIZATION_CODE))
    db.session.commit()
    token = sandbox.doorkeeper.tokens.issue(
        "sandbox-client", "agent@sandbox.test", "read write", refreshable=True
    )
    connection.chosen().keeper.keep(Grant(token.access, token.refresh, 1800, 86_400, "read write"))
    db.session.commit()


@pytest.fixture
def another_process(in_app):
    """From here on as a process that has just started: it remembers nothing."""
    return lambda: in_app.extensions.pop("zendesk_tokens", None)


def me():
    return connection.client().me().email


def row():
    db.session.rollback()
    return db.session.query(OAuthToken).one()


class AnyAnswer(requests.adapters.BaseAdapter):
    """Answers whatever a test puts here."""

    def __init__(self, body):
        super().__init__()
        self.body = body

    def send(self, request, **_):
        response = requests.Response()
        response.status_code = 200
        response.url, response.request = request.url, request
        response.raw = BytesIO(self.body)
        return response

    def close(self):
        pass


def put_to_its_end():
    """As if the access token had lasted its time; nothing is remembered of it."""
    db.session.query(OAuthToken).update({"issued_at": now(), "expires_at": now()})
    db.session.commit()
    current_app.extensions.pop("zendesk_tokens", None)
