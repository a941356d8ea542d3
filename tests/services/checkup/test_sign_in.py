"""What the check finds of the sign-in: credentials, tokens, scopes, and who it is."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine
from requests.adapters import BaseAdapter

from app.extensions import db
from app.models import Method, ZendeskSettings
from app.services import connection
from app.services.advice import advice
from app.services.checkup import Level
from app.zendesk.errors import SignInRefused
from app.zendesk.overhearing import Overhearing
from tests.fixtures.zendesk import WsgiAdapter
from tests.services.checkup.findings import by_api_token, found, issue, problems


def test_a_wrong_client_secret(in_app):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "a guess"

    words = problems()

    assert "does not accept the OAuth client “sandbox-client” with its secret (401)" in words
    assert "a guess" not in words


def test_pressing_the_button_asks_zendesk_anew_each_time(in_app, sandbox):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "a guess"
    problems()
    problems()

    assert sandbox.summary()["requests_by_route"]["POST /oauth/tokens"] == 2


def test_a_wrong_api_token(in_app):
    by_api_token(in_app, token="a guess")

    words = problems()

    assert "does not accept the API token of admin@sandbox.test" in words
    assert "a guess" not in words


def test_an_api_token_is_marked_as_ending(in_app):
    by_api_token(in_app)

    with time_machine.travel(datetime(2027, 4, 1, 12, tzinfo=UTC), tick=False):
        words = found(Level.WARNING)
    assert "ends on 30 April 2027, in 29 days" in words
    assert "since 27 October 2026 no new one can be made" in words
    with time_machine.travel(datetime(2027, 4, 30, 12, tzinfo=UTC), tick=False):
        assert "It ended on 30 April 2027" in problems()


def test_an_anonymous_caller(in_app):
    class Stripping(BaseAdapter):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def send(self, request, **options):
            request.headers.pop("Authorization", None)
            return self.inner.send(request, **options)

        def close(self):
            pass

    in_app.config["ZENDESK_TRANSPORT"] = Stripping(in_app.config["ZENDESK_TRANSPORT"])

    assert "anonymous caller: no credentials arrived" in problems()


def test_tokens_that_were_revoked_and_cannot_be_refreshed(in_app, sandbox):
    issue(sandbox)
    sandbox.doorkeeper.tokens.revoke_all()

    assert "press Connect to Zendesk" in problems()


def test_nobody_has_connected_yet(in_app):
    db.session.add(ZendeskSettings(subdomain="sandbox", method=Method.AUTHORIZATION_CODE))
    db.session.commit()

    assert "nobody has connected" in problems()


def test_a_token_that_is_refused_as_soon_as_it_is_given(in_app, sandbox):
    sandbox.change_settings(token_lifetime=0)

    assert "refuses an access token that it has just given" in problems()


def test_an_old_token_that_is_refused_was_not_just_given(in_app, transport):
    heard = Overhearing(transport)

    words = advice(SignInRefused(401), connection.chosen(), heard)

    assert "refuses the access token (401)" in words
    assert "just given" not in words


@pytest.mark.parametrize("scopes", ["raed write", "read write tickets:raed", "users:write"])
def test_scopes_that_zendesk_does_not_know_or_that_do_not_do(in_app, sandbox, scopes):
    issue(sandbox, scopes)

    assert "lacks the scope read (403)" in problems()


def test_a_token_that_may_only_read(in_app, sandbox):
    issue(sandbox, "read")

    assert "may not write tickets: its scopes are read." in problems()


def test_a_token_for_users_and_tickets_alone(in_app, sandbox):
    issue(sandbox, "tickets:read tickets:write users:read")

    assert "may be refused" in found(Level.WARNING)
    assert problems() == ""


def test_an_agent_is_told_what_needs_an_admin(in_app):
    in_app.config["ZENDESK_OAUTH_CLIENT_ID"] = "agent-client"

    words = found(Level.WARNING)

    assert "Gil Sandbox is no admin" in words
    assert "incremental export" in words
    assert problems() == ""


def test_a_name_that_would_steer_a_terminal_is_shown_without_that(in_app, transport, monkeypatch):
    send = transport.send

    def named(request, **options):
        response = send(request, **options)
        odd = json.dumps("Ada\u202e \x1b[31mSandbox\x9b").encode()
        response.raw = BytesIO(response.raw.read().replace(b'"Ada Sandbox"', odd))
        return response

    monkeypatch.setattr(transport, "send", named)

    assert "as Ada [31mSandbox <admin@" in found(Level.OK)


def test_an_end_user_cannot_work(in_app):
    in_app.config["ZENDESK_OAUTH_CLIENT_ID"] = "customer-client"

    assert "is an end user" in problems()


def test_an_agent_who_may_not_see_tickets(in_app, transport, monkeypatch):
    def no_access(_environ, start_response):
        start_response("403 Forbidden", [("Content-Type", "application/json")])
        return [b'{"error": {"title": "Forbidden", "message": "No access"}}']

    send, refusing = transport.send, WsgiAdapter(no_access)

    def refuse(request, **options):
        return (refusing.send if "tickets/count" in request.url else send)(request, **options)

    monkeypatch.setattr(transport, "send", refuse)

    assert "tickets could not be counted. Zendesk does not permit this (403)" in problems()
