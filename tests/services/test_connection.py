"""Where the connection comes from: the database wins, and the environment is the fallback, for each way."""

import pytest

from app.extensions import db
from app.models import Method, ZendeskSettings
from app.services import connection
from app.services.connection import NotConnected, Source
from app.zendesk.oauth import Grant

NOTHING = {
    "ZENDESK_OAUTH_CLIENT_ID": "",
    "ZENDESK_OAUTH_CLIENT_SECRET": "",
    "ZENDESK_EMAIL": "",
    "ZENDESK_API_TOKEN": "",
}
# For each way: what the environment has, and the same in the database. Those of the environment act as the
# admin, those of the database as the agent.
WAYS = {
    Method.CLIENT_CREDENTIALS: (
        {
            "ZENDESK_OAUTH_CLIENT_ID": "sandbox-client",
            "ZENDESK_OAUTH_CLIENT_SECRET": "sandbox-secret",
        },
        {"oauth_client_id": "agent-client", "oauth_client_secret": "sandbox-secret"},
    ),
    Method.API_TOKEN: (
        {"ZENDESK_EMAIL": "admin@sandbox.test", "ZENDESK_API_TOKEN": "sandbox-token"},
        {"email": "agent@sandbox.test", "api_token": "sandbox-token"},
    ),
    Method.AUTHORIZATION_CODE: (
        {
            "ZENDESK_OAUTH_CLIENT_ID": "sandbox-client",
            "ZENDESK_OAUTH_CLIENT_SECRET": "sandbox-secret",
        },
        {"oauth_client_id": "agent-client", "oauth_client_secret": "sandbox-secret"},
    ),
}


def put_down(method, **values):
    settings = ZendeskSettings(**{"subdomain": "sandbox", "method": method} | values)
    db.session.add(settings)
    db.session.commit()


def consent(sandbox, client, user):
    """What came of an admin's consent to this client."""
    token = sandbox.doorkeeper.tokens.issue(client, user, "read write", refreshable=True)
    choice = connection.chosen()
    assert choice.client_id == client
    db.session.commit()
    choice.keeper.keep(Grant(token.access, token.refresh, 1800))


def whom():
    db.session.rollback()
    return connection.client().me().email


@pytest.mark.parametrize("method", [Method.CLIENT_CREDENTIALS, Method.API_TOKEN])
def test_the_environment_alone_is_enough(in_app, method):
    in_app.config |= NOTHING | WAYS[method][0]

    assert (connection.chosen().method, connection.chosen().source) == (method, Source.ENVIRONMENT)
    assert whom() == "admin@sandbox.test"


@pytest.mark.parametrize("method", [Method.CLIENT_CREDENTIALS, Method.API_TOKEN])
@pytest.mark.parametrize("other", [Method.CLIENT_CREDENTIALS, Method.API_TOKEN])
def test_the_database_wins(in_app, method, other):
    in_app.config |= NOTHING | WAYS[other][0]

    put_down(method, **WAYS[method][1])

    assert (connection.chosen().method, connection.chosen().source) == (method, Source.DATABASE)
    assert whom() == "agent@sandbox.test"


@pytest.mark.parametrize("method", [Method.CLIENT_CREDENTIALS, Method.API_TOKEN])
def test_the_way_may_be_in_the_database_and_its_credentials_in_the_environment(in_app, method):
    in_app.config |= NOTHING | WAYS[Method.CLIENT_CREDENTIALS][0] | WAYS[Method.API_TOKEN][0]

    put_down(method)

    assert connection.chosen().method is method
    assert whom() == "admin@sandbox.test"


def test_a_consent_is_in_the_database_and_its_client_may_be_in_the_environment(in_app, sandbox):
    in_app.config |= NOTHING | WAYS[Method.AUTHORIZATION_CODE][0]
    put_down(Method.AUTHORIZATION_CODE)
    consent(sandbox, "sandbox-client", "admin@sandbox.test")
    assert whom() == "admin@sandbox.test"

    sandbox.doorkeeper.tokens.end_access()

    assert whom() == "admin@sandbox.test"


def test_a_consent_to_the_client_in_the_database_wins(in_app, sandbox):
    in_app.config |= NOTHING | WAYS[Method.AUTHORIZATION_CODE][0]
    put_down(Method.AUTHORIZATION_CODE, **WAYS[Method.AUTHORIZATION_CODE][1])

    consent(sandbox, "agent-client", "agent@sandbox.test")

    assert whom() == "agent@sandbox.test"


def test_a_name_and_its_secret_are_never_taken_from_two_places(in_app):
    put_down(Method.CLIENT_CREDENTIALS, oauth_client_id="agent-client")

    with pytest.raises(NotConnected, match="no credentials"):
        connection.account()


@pytest.mark.parametrize("method", list(Method))
def test_the_environments_credentials_are_for_its_own_account_alone(in_app, method):
    in_app.config |= WAYS[Method.API_TOKEN][0]

    put_down(method, subdomain="elsewhere")

    with pytest.raises(NotConnected):
        connection.account()


def test_secrets_are_in_no_repr(in_app):
    in_app.config |= WAYS[Method.API_TOKEN][0]

    shown = repr(connection.chosen()) + repr(connection.account())

    assert "sandbox-secret" not in shown
    assert "sandbox-token" not in shown
