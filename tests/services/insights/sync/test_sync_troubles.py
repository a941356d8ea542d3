"""What Zendesk refuses or delays costs a sync nothing but time."""

import json
import time
from datetime import timedelta

import pytest
import time_machine

from app.database import now
from app.services.connection import NotConnected
from app.services.insights.stage import StageFailed
from app.services.insights.syncing import sync
from app.zendesk.errors import SignInRefused
from tests.fixtures.zendesk import Fault
from tests.services.insights.sync.conftest import SLICE, Run, answer, mirrored, ticket

EXPORTS = "GET /incremental/*"


def one_slice(run=None):
    return sync(run or Run(), time.monotonic() + SLICE)


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_where_a_cursor_is_lost_it_goes_on_by_time(sandbox, synced, exported, status):
    synced()
    sandbox.set_ticket(7, subject="Newer")
    exported.queries.clear()
    exported.answers.append(answer(status, b'{"error": "InvalidCursor"}'))

    progress = synced()

    assert mirrored()[7].subject == "Newer"
    assert len(mirrored()) == 60
    assert [query.partition("=")[0] for query in exported.queries[:2]] == ["cursor", "start_time"]
    assert f"it answered {status}" in progress.result["note"]


def test_a_cursor_lost_on_the_way_loses_no_page(synced, exported):
    exported.answers += [None, answer(410)]

    synced()

    assert len(mirrored()) == 60


def test_where_no_cursor_holds_it_fails_and_the_next_one_begins_by_time(synced, exported):
    page = {"tickets": [ticket()], "after_cursor": "c", "end_of_stream": False}
    body = json.dumps(page).encode()
    exported.answers += [answer(body=body), answer(410), answer(body=body), answer(410)]

    with pytest.raises(StageFailed) as failed:
        synced()

    assert failed.value.code == "no_cursor_holds"
    exported.queries.clear()
    synced()
    assert exported.queries[0].startswith("start_time=")
    assert len(mirrored()) == 60


def test_a_clock_that_is_ahead_of_zendesks_makes_it_begin_earlier(synced):
    with time_machine.travel(now() + timedelta(days=12)):
        progress = synced(days=5)

    assert "Zendesk's clock is behind ours" in progress.result["note"]
    assert mirrored()


@pytest.mark.parametrize("kind", ["rate_limited", "unavailable"])
def test_it_waits_for_as_long_as_zendesk_says(sandbox, in_app, kind):
    rule = {"kind": kind, "route": EXPORTS, "times": 1, "after": 1, "retry_after": 40}
    sandbox.change_settings(faults=[rule])

    progress = one_slice()

    assert (progress.done, progress.is_over) == (20, False)
    assert timedelta(seconds=35) < progress.wait_until - now() < timedelta(seconds=41)


def test_an_answer_that_was_lost_is_asked_for_again(synced, transport, exported):
    def lose():
        transport.faults.append(Fault(TimeoutError(), after=True))

    exported.answers += [None, lose]
    progress = one_slice()

    assert (progress.done, progress.is_over) == (20, False)
    assert progress.wait_until > now()
    assert synced().result["tickets"] == 60


def test_it_keeps_within_the_limit_of_exports(app, make_sandbox, transport):
    slow = make_sandbox(tickets=60, speed=1.0, incremental_page=5, requests_per_minute=700)
    transport.wsgi_app = slow
    app.config["ZENDESK_WINDOW_SECONDS"] = 60.0
    with app.app_context():
        before = one_slice()
        while before.done < 50:
            before = one_slice()
        after = one_slice()

    assert after.done == 50
    assert after.wait_until > now() + timedelta(seconds=5)
    assert slow.requests["GET /api/v2/incremental/tickets/cursor"] == 10


def test_without_an_admins_rights_it_says_so(in_app):
    in_app.config["ZENDESK_OAUTH_CLIENT_ID"] = "agent-client"

    with pytest.raises(StageFailed, match="admins alone") as failed:
        one_slice()

    assert failed.value.code == "not_admin"


def test_a_sign_in_that_is_refused_is_told(in_app):
    in_app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"

    with pytest.raises(SignInRefused):
        one_slice()


def test_without_a_connection_there_is_nothing_to_sync(in_app):
    in_app.config["ZENDESK_SUBDOMAIN"] = ""

    with pytest.raises(NotConnected):
        one_slice()
