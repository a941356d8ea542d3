"""What the check finds of the account, the way to it, its limits and our own settings."""

from datetime import timedelta
from email.utils import format_datetime
from http.client import RemoteDisconnected

import pytest
import requests
import time_machine
from cryptography.fernet import Fernet
from redis import Redis
from urllib3.exceptions import NewConnectionError, ProtocolError

from app.database import now
from app.extensions import db, redis
from app.models import ZendeskSettings
from app.services import budget, checkup
from app.services.checkup import Level
from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import RateLimited
from tests.fixtures.zendesk import BASE_URL, Fault
from tests.services.checkup.findings import answering, found, issue, problems


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
