"""Tokens of an admin's consent: who refreshes them, and what asks for a person again."""

from datetime import timedelta

import pytest
import time_machine

from app.database import now
from app.extensions import db
from app.models import Method, OAuthToken, ZendeskSettings
from app.services import connection
from app.zendesk.errors import SignInNeeded, SignInRefused
from app.zendesk.oauth import Grant
from tests.services.tokens.conftest import me, put_to_its_end, row


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
