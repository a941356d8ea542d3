"""Several operating-system processes that share one database, and need an access token at the same moment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from app.config import Config
from app.database import now
from app.extensions import db
from app.models import Method, OAuthToken, ZendeskSettings
from app.services import connecting, connection
from app.services.engine.pace import Pace
from app.services.engine.slices import advance, due
from app.zendesk.oauth import ask_for_token
from tests.fixtures.running_jobs import finish

CHECKOUT = Path(__file__).parents[2]
TOKENS = "POST /oauth/tokens"
PROCESSES = 4
SCRIPT = """
import sys
from app import create_app
from app.services import connection
from app.zendesk.errors import ZendeskError
app = create_app()
with app.app_context():
    client = connection.client()
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        print(client.me().email, flush=True)
    except ZendeskError as error:
        print(type(error).__name__, flush=True)
"""
# Zendesk has answered, and the process dies before it could keep the answer.
DYING = """
import os
from requests.adapters import HTTPAdapter
class Dying(HTTPAdapter):
    def send(self, request, **options):
        response = super().send(request, **options)
        if request.url.endswith("/oauth/tokens"):
            response.content
            os._exit(9)
        return response
""" + SCRIPT.replace("with app", "app.config['ZENDESK_TRANSPORT'] = Dying()\nwith app")


@pytest.fixture
def settings(database_url, redis_url, sandbox_server):
    return {
        "SECRET_KEY": "the same in all processes",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ZENDESK_SUBDOMAIN": "sandbox",
        "ZENDESK_BASE_URL": sandbox_server.url,
        "ZENDESK_OAUTH_CLIENT_ID": "sandbox-client",
        "ZENDESK_OAUTH_CLIENT_SECRET": "sandbox-secret",
    }


@pytest.fixture
def app(settings):
    app = create_app(Config.from_environment(settings))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def at_once(settings):
    """Start processes, let all of them ask at the same moment, and give what each says."""
    started = []

    def run(number=PROCESSES, script=SCRIPT, **changes):
        for _ in range(number):
            started.append(
                subprocess.Popen(
                    [sys.executable, "-c", script],
                    cwd=CHECKOUT,
                    env={**os.environ, **settings, **changes},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        mine = started[-number:]
        for process in mine:
            assert process.stdout.readline() == "ready\n"
        for process in mine:
            process.stdin.write("go\n")
            process.stdin.flush()
        return [process.communicate(timeout=60)[0].strip() for process in mine]

    yield run
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def connected(in_app, sandbox_server):
    """An admin's consent, whose access token is about to end."""
    db.session.add(ZendeskSettings(subdomain="sandbox", method=Method.AUTHORIZATION_CODE))
    db.session.commit()
    connection.chosen().keeper.keep(consent(sandbox_server))
    db.session.commit()
    db.session.query(OAuthToken).update({"issued_at": now(), "expires_at": now()})
    db.session.commit()


def consent(sandbox_server, user="agent@sandbox.test"):
    """What Zendesk gives once a person has pressed Allow."""
    choice = connection.chosen()
    asked = choice.oauth_app.page("", "http://console.test/back", "state", "verifier").partition(
        "?"
    )
    form = dict(pair.split("=") for pair in asked[2].split("&")) | {"scope": "read write"}
    form |= {"redirect_uri": "http://console.test/back", "answer": "allow", "user": user}
    went = sandbox_server.post("/oauth/authorizations", **form)
    code = went.headers["Location"].partition("code=")[2].partition("&")[0]
    form = choice.oauth_app.exchange(code, "verifier", "http://console.test/back")
    db.session.commit()
    return ask_for_token(sandbox_server.http, sandbox_server.url, form)


def test_one_process_mints_and_all_get_a_valid_token(app, at_once, sandbox_server):
    said = at_once()

    assert said == ["admin@sandbox.test"] * PROCESSES
    assert sandbox_server.count(TOKENS) == 1


@pytest.mark.long
def test_one_process_refreshes_and_all_get_a_valid_token(connected, at_once, sandbox_server):
    before = sandbox_server.count(TOKENS)

    said = at_once()

    assert said == ["agent@sandbox.test"] * PROCESSES
    assert sandbox_server.count(TOKENS) - before == 1


@pytest.mark.long
def test_a_refusal_is_met_once_and_told_to_all(app, at_once, sandbox_server):
    said = at_once(ZENDESK_OAUTH_CLIENT_SECRET="wrong")

    assert said == ["SignInRefused"] * PROCESSES
    assert sandbox_server.count(TOKENS) == 1


@pytest.mark.long
def test_a_refresh_lost_between_answer_and_commit_asks_for_a_person_and_then_the_job_goes_on(
    connected, at_once, sandbox_server, make_job
):
    job = make_job([1, 2], dry_run=False)
    at_once(1, DYING)
    db.session.query(OAuthToken).update(
        {"lease_expires_at": now()}
    )  # it runs out, half a minute later
    db.session.commit()

    advance(job.job_id, Pace())
    db.session.refresh(job)
    assert (job.wait_reason, job.status) == ("sign_in", "planning")
    assert db.session.query(OAuthToken).one().needs_reconnect
    assert job.job_id not in due()

    connection.chosen().keeper.keep(consent(sandbox_server))
    assert connecting.wake_waiting_jobs() == 1
    assert job.job_id in due()
    finish(job, slices=100_000)

    assert (job.status, job.changed_count) == ("completed", 2)
