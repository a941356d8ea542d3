"""What the check of the connection finds, in each of the ways in which it can be wrong."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import RemoteDisconnected
from io import BytesIO

import pytest
import requests
import time_machine
from cryptography.fernet import Fernet
from redis import Redis
from requests.adapters import BaseAdapter
from urllib3.exceptions import NewConnectionError, ProtocolError

from app.database import now
from app.extensions import db, redis
from app.models import Method, ZendeskSettings
from app.services import budget, checkup, connection
from app.services.advice import advice
from app.services.checkup import Level
from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import RateLimited, SignInRefused
from app.zendesk.oauth import Grant
from app.zendesk.overhearing import Overhearing
from tests.fixtures.zendesk import BASE_URL, Fault, WsgiAdapter


def found(level=None):
    """The sentences, of one level or all."""
    db.session.rollback()
    findings = checkup.run()
    assert checkup.jobs_could_run(findings) == (Level.PROBLEM not in {f.level for f in findings})
    return " ".join(f.words for f in findings if level in (None, f.level))


def problems():
    return found(Level.PROBLEM)


def issue(sandbox, scopes="read write", user="admin@sandbox.test", expires_in=1800):
    """An admin's consent to these scopes."""
    db.session.add(ZendeskSettings(subdomain="sandbox", method=Method.AUTHORIZATION_CODE))
    db.session.commit()
    token = sandbox.doorkeeper.tokens.issue("sandbox-client", user, scopes, refreshable=True)
    grant = Grant(token.access, token.refresh, expires_in, 86_400, scopes)
    connection.chosen().keeper.keep(grant)
    db.session.commit()


def by_api_token(app, token="sandbox-token", email="admin@sandbox.test"):
    app.config |= {
        "ZENDESK_OAUTH_CLIENT_ID": "",
        "ZENDESK_EMAIL": email,
        "ZENDESK_API_TOKEN": token,
    }


def answering(app, status, body, **headers):
    """Whatever is asked, this comes back."""

    def wsgi_app(_environ, start_response):
        start_response(f"{status} Said", list({"Content-Type": "text/html", **headers}.items()))
        return [body.encode()]

    app.config["ZENDESK_TRANSPORT"] = WsgiAdapter(wsgi_app)


def test_a_good_connection_says_who_what_and_how_much(in_app, sandbox):
    sandbox.add_ticket()

    words = found(Level.OK)

    assert "as Ada Sandbox <admin@sandbox.test>, role admin" in words
    assert "OAuth client “sandbox-client”, by its secret, set in the environment" in words
    assert "scopes: read, write" in words
    assert "Zendesk permits 100,000 requests a minute; 99,99" in words
    assert "Tickets can be read: there are 1." in words
    assert "renews it by itself" in words
    assert problems() == ""


def test_no_account_at_all(in_app):
    in_app.config["ZENDESK_SUBDOMAIN"] = ""

    assert "not connected to a Zendesk account yet" in problems()


def test_an_account_without_credentials(in_app):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = ""

    assert "An admin can enter an OAuth client on the Connection page." in problems()


def test_what_is_no_subdomain(in_app):
    in_app.config["ZENDESK_SUBDOMAIN"] = "acme.zendesk.com"

    assert "is not a Zendesk subdomain" in problems()


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError(NewConnectionError(None, "no route")),
        requests.ConnectTimeout("too long"),
    ],
)
def test_a_host_that_cannot_be_reached(in_app, transport, error):
    transport.faults.append(Fault(error))

    assert "cannot be reached from this machine. Check the subdomain, the network" in problems()


def test_a_certificate_that_is_not_trusted(in_app, transport):
    transport.faults.append(Fault(requests.exceptions.SSLError("certificate verify failed")))

    assert "certificate is not trusted" in problems()


@pytest.mark.parametrize("by_consent", [False, True])
def test_a_connection_that_breaks_off_is_not_called_unreachable(
    in_app, transport, sandbox, by_consent
):
    if by_consent:
        issue(sandbox)  # then it is the API that breaks off, and not the token address
    reason = ProtocolError("Connection aborted.", RemoteDisconnected("closed without response"))
    transport.faults.append(Fault(requests.ConnectionError(reason)))

    words = problems()

    assert "took the call and gave no answer" in words
    assert "cannot be reached" not in words


def test_a_server_that_does_not_speak_tls(in_app, transport):
    reason = requests.exceptions.SSLError("[SSL: WRONG_VERSION_NUMBER] wrong version number")
    transport.faults.append(Fault(reason))

    words = problems()

    assert "does not speak TLS" in words
    assert "trusted" not in words


def test_no_such_account(in_app):
    answering(in_app, 404, "<html>No help desk here</html>")

    assert "There is no Zendesk account at http://sandbox.test (404)" in problems()


def test_an_account_that_moved(in_app):
    answering(in_app, 301, "", Location="https://elsewhere.test/")

    assert "may have been renamed" in problems()


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


def test_the_minute_limit_is_used_up(in_app, sandbox):
    issue(sandbox)
    sandbox.change_settings(requests_per_minute=0, speed=1)

    assert "limit of requests is used up (429). Check again in " in problems()


def test_zendesk_asked_us_to_wait_when_we_called_a_moment_ago(in_app, sandbox):
    turn = budget.turns(BASE_URL, None)
    refusal = RateLimited(429, "enough", retry_after=40)
    turn.answered(turn.enter(Endpoint("GET anything")), {}, refusal)

    assert "Check again in 40 s; the page Limits shows who uses them." in problems()


def test_the_check_counts_against_the_budget_as_any_call_does(in_app):
    checkup.run()

    buckets = budget.of(BASE_URL).report()["buckets"]
    assert next(one["ours"] for one in buckets if one["name"] == "account") >= 2


@pytest.mark.parametrize(("status", "body"), [(503, "Unavailable"), (500, "<html>Oh no</html>")])
def test_zendesk_in_trouble(in_app, sandbox, status, body):
    issue(sandbox)
    answering(in_app, status, body)

    assert f"Zendesk is in trouble ({status}): see status.zendesk.com" in problems()


def test_something_else_answers(in_app, sandbox):
    issue(sandbox)
    answering(in_app, 200, "<html>Please sign in to the guest network</html>")

    assert "is not Zendesk's API" in problems()


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (300, "300 s behind"),
        (-300, "300 s ahead of"),
        (5, "within 5 s of Zendesk's"),
        (0, "within 1 s of"),
    ],
)
def test_a_clock_that_is_off(in_app, transport, monkeypatch, offset, words):
    send = transport.send

    def dated(request, **options):
        response = send(request, **options)
        response.headers["Date"] = format_datetime(now() + timedelta(seconds=offset), usegmt=True)
        return response

    monkeypatch.setattr(transport, "send", dated)

    with time_machine.travel(now().replace(microsecond=0), tick=False):
        assert words in found()


def test_secrets_that_cannot_be_decrypted(in_app):
    in_app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    db.session.add(
        ZendeskSettings(subdomain="sandbox", oauth_client_id="a", oauth_client_secret="b")
    )
    db.session.commit()
    in_app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()

    assert "cannot be decrypted: ENCRYPTION_KEYS" in problems()


def test_no_redis(in_app, monkeypatch):
    monkeypatch.setattr(redis, "client", Redis.from_url("redis://127.0.0.1:1"))

    assert "Redis cannot be reached" in problems()


def test_the_development_key(in_app):
    in_app.config["SECRET_KEY"] = "development-only"

    assert "development key" in found(Level.WARNING)
