"""Whatever the token address answers."""

import json
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.database import now
from app.extensions import db
from app.models import Method, OAuthToken
from app.services import connection
from app.zendesk.errors import Unreadable, ZendeskError
from app.zendesk.oauth import LARGEST_ANSWER, Grant, ask_for_token, end_token, open_session
from tests.services.tokens.conftest import AnyAnswer, me, row


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


def test_a_token_that_no_header_can_hold_is_ended_nowhere_and_raises_nothing(sandbox_server):
    session = open_session()

    assert end_token(session, sandbox_server.url, "t\u20acken\ud800") is False
