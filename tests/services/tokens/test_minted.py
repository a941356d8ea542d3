"""Tokens that are minted with a client's secret: when one is renewed, and what happens when that fails."""

from datetime import timedelta
from io import BytesIO

import pytest
import requests
import time_machine
from cryptography.fernet import Fernet
from sqlalchemy import text

from app.database import now
from app.extensions import db
from app.models import ZendeskSettings
from app.services import connection
from app.services.connection import NotConnected
from app.zendesk.errors import NotSent, RateLimited, SignInNeeded, SignInRefused
from tests.fixtures.zendesk import Fault
from tests.services.tokens.conftest import me, row


def test_one_token_serves_many_calls_and_processes(in_app, minted, another_process):
    me(), me()
    another_process()
    me()

    assert minted() == 1


def test_a_token_is_kept_encrypted(in_app):
    me()

    kept = row().access_token
    stored = db.session.execute(text("SELECT * FROM oauth_tokens")).one()

    assert kept not in str(stored)
    assert kept not in repr(row())


def test_a_token_is_renewed_some_time_before_it_ends(in_app, minted):
    me()

    with time_machine.travel(now() + timedelta(seconds=1400), tick=False):
        me()
        assert minted() == 1
    with time_machine.travel(now() + timedelta(seconds=1600), tick=False):
        me()
        assert minted() == 2


def test_a_renewal_that_fails_in_good_time_stops_nothing(in_app, transport, minted):
    me()

    with time_machine.travel(now() + timedelta(seconds=1600), tick=False):
        transport.faults.append(Fault(requests.ConnectionError()))
        assert me() == "admin@sandbox.test"
        assert me() == "admin@sandbox.test"

    assert minted() == 2


def test_a_revoked_token_is_renewed_once(in_app, sandbox, minted):
    me()
    sandbox.doorkeeper.tokens.revoke_all()

    assert me() == "admin@sandbox.test"
    assert minted() == 2


def test_a_token_that_was_just_given_and_is_refused_again_is_a_refusal(in_app, sandbox, minted):
    sandbox.change_settings(token_lifetime=0)  # Zendesk refuses whatever it gives
    in_app.config["ZENDESK_TRANSPORT"] = LongLived(in_app.config["ZENDESK_TRANSPORT"])

    for _ in range(5):
        with pytest.raises(SignInRefused):
            me()

    assert minted() == 2


def test_who_presses_the_button_gets_todays_answer(in_app, sandbox, minted):
    me()
    for _ in range(2):
        sandbox.doorkeeper.tokens.revoke_all()
        connection.chosen().keeper.forget_failure()

        assert me() == "admin@sandbox.test"

    assert minted() == 3


class LongLived(requests.adapters.BaseAdapter):
    """Lets Zendesk say that its tokens last half an hour, whatever it then does with them."""

    def __init__(self, transport):
        super().__init__()
        self._transport = transport

    def send(self, request, **options):
        response = self._transport.send(request, **options)
        if request.url.endswith("/oauth/tokens"):
            response._content = response.content.replace(b'"expires_in":0', b'"expires_in":1800')  # noqa: SLF001
        return response

    def close(self):
        pass


def test_a_refusal_is_remembered_for_some_seconds(in_app, minted, another_process):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"

    for _ in range(4):
        another_process()
        with pytest.raises(SignInRefused, match="401: invalid_client"):
            me()
    assert minted() == 1
    with (
        time_machine.travel(now() + timedelta(seconds=20), tick=False),
        pytest.raises(SignInRefused),
    ):
        me()

    assert minted() == 2


def test_a_mended_secret_is_tried_at_once(in_app, minted):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"
    with pytest.raises(SignInRefused):
        me()

    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "sandbox-secret"

    assert me() == "admin@sandbox.test"


def test_a_token_of_another_secret_does_not_hide_that_this_one_is_wrong(in_app):
    me()

    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"

    for _ in range(2):
        with pytest.raises(SignInRefused):
            me()


def test_the_minute_limit_of_the_token_address_is_kept_by_all(in_app, transport, another_process):
    refusal = requests.Response()
    refusal.status_code = 429
    refusal.headers["Retry-After"] = "30"
    refusal.raw = BytesIO(b"Too many")
    sends = []
    transport.send = lambda request, **_: sends.append(request) or refusal

    for _ in range(3):
        another_process()
        with pytest.raises(RateLimited) as limit:
            me()
        assert 25 < limit.value.retry_after <= 30

    assert len(sends) == 1


def test_zendesk_being_away_is_no_refusal(in_app, transport):
    transport.faults.append(Fault(requests.ReadTimeout()))

    with pytest.raises(NotSent):
        me()

    assert me() == "admin@sandbox.test"


def test_a_token_of_other_encryption_keys_is_said_in_words(in_app, another_process):
    in_app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    me()
    another_process()
    db.session.rollback()

    in_app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()

    with pytest.raises(SignInNeeded, match="ENCRYPTION_KEYS"):
        me()


def test_settings_of_other_encryption_keys_are_said_in_words(in_app):
    in_app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    db.session.add(
        ZendeskSettings(subdomain="sandbox", oauth_client_id="a", oauth_client_secret="b")
    )
    db.session.commit()
    in_app.config["ENCRYPTION_KEYS"] = Fernet.generate_key().decode()

    with pytest.raises(NotConnected, match="ENCRYPTION_KEYS"):
        connection.account()


def test_no_repr_shows_a_token(in_app):
    me()

    memories = in_app.extensions["zendesk_tokens"]

    assert row().access_token not in repr(memories)


def test_a_token_that_is_revoked_again_after_minutes_is_renewed_again(in_app, sandbox, minted):
    me()
    for minutes in (5, 10):
        sandbox.doorkeeper.tokens.revoke_all()
        with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
            assert me() == "admin@sandbox.test"

    assert minted() == 3
