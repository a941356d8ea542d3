"""Access tokens: who renews them, when, and what happens when that fails."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
import requests
import time_machine
from cryptography.fernet import Fernet
from flask import current_app
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text

from app.database import now
from app.extensions import db
from app.models import Method, OAuthToken, ZendeskSettings
from app.services import connection
from app.services.connection import NotConnected
from app.zendesk.errors import (
    NotSent,
    RateLimited,
    SignInNeeded,
    SignInRefused,
    Unreadable,
    ZendeskError,
)
from app.zendesk.oauth import LARGEST_ANSWER, Grant, ask_for_token, end_token, open_session
from tests.fixtures.zendesk import Fault

TOKENS = "POST /oauth/tokens"


@pytest.fixture
def minted(sandbox):
    """How often the sandbox's token address was called."""
    return lambda: sandbox.summary()["requests_by_route"].get(TOKENS, 0)


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


def test_a_consented_token_is_refreshed_and_both_tokens_change(connected, sandbox, minted):
    before = row().access_token, row().refresh_token
    assert me() == "agent@sandbox.test"

    with time_machine.travel(now() + timedelta(seconds=1600), tick=False):
        assert me() == "agent@sandbox.test"

    assert minted() == 1
    assert not set(before) & {row().access_token, row().refresh_token}


def test_a_pair_that_another_process_renewed_is_found_after_the_401(
    connected, in_app, minted, another_process
):
    me()
    old = dict(in_app.extensions["zendesk_tokens"])
    with time_machine.travel(now() + timedelta(seconds=1600), tick=False):
        another_process()
        me()

    in_app.extensions["zendesk_tokens"] = old

    assert me() == "agent@sandbox.test"
    assert minted() == 1


def test_a_refresh_token_that_is_refused_asks_for_a_person_and_for_nothing_else(
    connected, sandbox, minted, another_process
):
    sandbox.doorkeeper.tokens.revoke_all()

    for _ in range(3):
        another_process()
        with pytest.raises(SignInNeeded, match="press Connect to Zendesk"):
            me()

    assert row().needs_reconnect
    assert minted() == 1


def test_a_wrong_client_secret_does_not_throw_the_refresh_token_away(connected, in_app, sandbox):
    sandbox.doorkeeper.tokens.end_access()
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"
    with pytest.raises(SignInRefused):
        me()
    assert not row().needs_reconnect

    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "sandbox-secret"

    assert me() == "agent@sandbox.test"


def test_without_a_consent_an_admin_is_asked_to_connect(in_app):
    db.session.add(ZendeskSettings(subdomain="sandbox", method=Method.AUTHORIZATION_CODE))
    db.session.commit()

    with pytest.raises(SignInNeeded, match="nobody has connected"):
        me()


def test_one_whose_lease_ran_out_still_keeps_what_zendesk_gave(connected, in_app):
    """Its pair is the only one that works: the old one died when Zendesk answered."""
    keeper = connection.chosen().keeper
    seen = keeper.look()

    def slowly(form):
        db.session.rollback()
        db.session.query(OAuthToken).update({"lease_expires_at": now()})
        db.session.commit()
        assert keeper._take(seen)  # noqa: SLF001 - another takes over meanwhile
        return Grant("slow", "slow refresh", 1800)

    with time_machine.travel(now() + timedelta(seconds=1600), tick=False):
        assert keeper.current(slowly) == "slow"

    assert (row().access_token, row().refresh_token) == ("slow", "slow refresh")


def test_one_that_is_renewing_leaves_the_old_token_to_the_others(connected, in_app, minted):
    keeper = connection.chosen().keeper
    with time_machine.travel(now() + timedelta(seconds=1600), tick=False):
        assert keeper._take(keeper.look())  # noqa: SLF001 - another process is at it

        assert me() == "agent@sandbox.test"

    assert minted() == 0


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


def answered(app, method, body):
    """What `current` gives or raises when the token address answers this: a token, or an error of ours."""
    choice = replace(connection.chosen(), method=method)
    db.session.execute(delete(OAuthToken))
    db.session.commit()
    choice.keeper.keep(Grant("old", "old-refresh", 60))
    db.session.query(OAuthToken).update({"issued_at": now(), "expires_at": now()})
    db.session.commit()
    app.extensions.pop("zendesk_tokens", None)
    session = open_session(AnyAnswer(body))
    try:
        return choice.keeper.current(partial(ask_for_token, session, "http://sandbox.test"))
    except ZendeskError as error:
        return error


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(
        ["token", "1800", "\ud800", "a\0b", "a\r\nX-Evil: 1", "é", "", " ", "\x1b[31m"]
    )
    | st.lists(st.text(max_size=2), max_size=2)
    | st.dictionaries(st.text(max_size=2), st.none(), max_size=1)
)
KEYS = ["access_token", "refresh_token", "expires_in", "refresh_token_expires_in", "scope"]
ANSWERS = (
    st.fixed_dictionaries(
        {"access_token": st.just("good")}, optional=dict.fromkeys(KEYS[1:], VALUES)
    )
    | st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, VALUES))
    | VALUES
).map(lambda body: json.dumps(body).encode()) | st.sampled_from(
    [b"", b"null", b"[" * 200_000, b'{"access_token":' * 200_000, b"<html>", b"\xff\xfe"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS, st.sampled_from([Method.CLIENT_CREDENTIALS, Method.AUTHORIZATION_CODE]))
@example(b'{"access_token":"good","expires_in":1e308}', Method.CLIENT_CREDENTIALS)
@example(b'{"access_token":"good","expires_in":Infinity}', Method.CLIENT_CREDENTIALS)
@example(b'{"access_token":"good","expires_in":NaN}', Method.AUTHORIZATION_CODE)
@example(b'{"access_token":"good","refresh_token":5}', Method.AUTHORIZATION_CODE)
@example(b'{"access_token":"good","refresh_token":"\\ud800x"}', Method.AUTHORIZATION_CODE)
@example(b'{"access_token":"good","scope":"\\ud800x\\u0000"}', Method.AUTHORIZATION_CODE)
def test_whatever_the_token_address_answers_is_a_token_or_an_error_of_ours(in_app, body, method):
    given = answered(in_app, method, body)

    kept = row()
    assert isinstance(given, ZendeskError) or given == kept.access_token
    assert kept.lease_owner is None


@pytest.mark.parametrize(
    ("seconds", "lasts"),
    [("0", 60), ("-5", 60), ("1e12", 400 * 86_400), ("1e308", 400 * 86_400), ("1800", 1800)],
)
def test_how_long_a_token_lasts_is_within_reason(in_app, seconds, lasts):
    body = f'{{"access_token": "good", "expires_in": {seconds}}}'.encode()

    assert answered(in_app, Method.CLIENT_CREDENTIALS, body) == "good"

    assert (row().expires_at - row().issued_at).total_seconds() == lasts


def test_an_answer_that_is_no_token_is_not_asked_for_again_at_once(in_app, transport):
    asked = []
    nonsense = AnyAnswer(b"<html>")
    transport.send = lambda request, **_: asked.append(request) or nonsense.send(request)

    for _ in range(3):
        with pytest.raises(Unreadable, match="no token to work with") as error:
            me()

    assert len(asked) == 1
    assert not error.value.may_be_done


def test_an_answer_without_end_is_cut_off(in_app):
    error = answered(in_app, Method.CLIENT_CREDENTIALS, b" " * (LARGEST_ANSWER + 1))

    assert isinstance(error, Unreadable)
    assert "larger" in str(error)


def test_a_pair_that_cannot_be_kept_asks_for_a_person_and_frees_the_lease(connected, in_app):
    in_app.config["ENCRYPTION_KEYS"] = ""
    keeper = connection.chosen().keeper

    def renewed(form):
        in_app.config["ENCRYPTION_KEYS"] = "no key at all"
        return Grant("new", "new-refresh", 1800)

    with (
        time_machine.travel(now() + timedelta(seconds=1900), tick=False),
        pytest.raises(SignInNeeded, match="could not be kept"),
    ):
        keeper.current(renewed)
    in_app.config["ENCRYPTION_KEYS"] = ""

    assert row().needs_reconnect
    assert row().lease_owner is None


def test_a_token_that_no_header_can_hold_is_ended_nowhere_and_raises_nothing(sandbox_server):
    session = open_session()

    assert end_token(session, sandbox_server.url, "t\u20acken\ud800") is False


def test_who_connects_anew_is_the_one_that_every_process_signs_in_as(
    connected, in_app, sandbox, another_process
):
    here = connection.chosen().keeper
    first = here.current(no_call)
    another_process()
    token = sandbox.doorkeeper.tokens.issue(
        "sandbox-client", "admin@sandbox.test", "read write", refreshable=True
    )
    connection.chosen().keeper.keep(Grant(token.access, token.refresh, 1800, 86_400, "read write"))

    with time_machine.travel(now() + timedelta(seconds=6), tick=False):
        assert here.current(no_call) == token.access != first


def no_call(_form):
    raise AssertionError("nothing had to be renewed")


def test_no_repr_shows_a_token(in_app):
    me()

    memories = in_app.extensions["zendesk_tokens"]

    assert row().access_token not in repr(memories)


def test_a_renewal_that_is_cut_short_frees_the_lease(connected, in_app):
    put_to_its_end()

    def cut_short(_form):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        connection.chosen().keeper.current(cut_short)

    assert row().lease_owner is None


def test_a_refresh_that_brings_no_new_refresh_token_keeps_the_one_there_is(connected, in_app):
    before = row().refresh_token
    put_to_its_end()

    connection.chosen().keeper.current(lambda _form: Grant("new", None, 1800, None, "read write"))

    assert (row().access_token, row().refresh_token) == ("new", before)


def test_the_end_of_a_token_counts_from_before_it_was_asked_for(connected, in_app):
    put_to_its_end()
    with time_machine.travel(now(), tick=False) as clock:
        asked_at = now()

        def slowly(_form):
            clock.shift(20)
            return Grant("new", "refresh", 1800, None, "read write")

        connection.chosen().keeper.current(slowly)

    assert row().expires_at == asked_at + timedelta(seconds=1800)


def test_who_renews_slowly_does_not_undo_what_an_admin_did_meanwhile(connected, in_app):
    put_to_its_end()

    def slowly(_form):
        connection.chosen().keeper.keep(Grant("admins", "refresh", 1800, 86_400, "read write"))
        return Grant("late", "another", 1800, 86_400, "read write")

    used = connection.chosen().keeper.current(slowly)

    assert (used, row().access_token) == ("admins", "admins")


def test_a_token_that_is_revoked_again_after_minutes_is_renewed_again(in_app, sandbox, minted):
    me()
    for minutes in (5, 10):
        sandbox.doorkeeper.tokens.revoke_all()
        with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
            assert me() == "admin@sandbox.test"

    assert minted() == 3


def put_to_its_end():
    """As if the access token had lasted its time; nothing is remembered of it."""
    db.session.query(OAuthToken).update({"issued_at": now(), "expires_at": now()})
    db.session.commit()
    current_app.extensions.pop("zendesk_tokens", None)
