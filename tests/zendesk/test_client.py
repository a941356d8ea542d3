"""The client against the sandbox, and against a network that fails."""

import json

import pytest
import redis
import requests
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.zendesk.client import Client
from app.zendesk.errors import (
    AnswerLost,
    Invalid,
    NotFound,
    NotSent,
    Outdated,
    RateLimited,
    SignInRefused,
    Unreadable,
    WrongAddress,
    ZendeskError,
)
from app.zendesk.rate_limit import Budget, Kind
from app.zendesk.sign_in import ApiToken, OAuthClient
from app.zendesk.turnstile import Turn
from tests.fixtures.zendesk import BASE_URL, Fault, WsgiAdapter


def test_says_whom_zendesk_takes_us_for(client):
    me = client.me()

    assert (me.email, me.role) == ("admin@sandbox.test", "admin")


def test_an_anonymous_answer_is_no_sign_in(transport):
    class Nobody:
        def sign(self, *_):
            pass

        def refused(self, request):
            return False

    with pytest.raises(SignInRefused):
        Client(BASE_URL, Nobody(), transport).me()


@pytest.mark.parametrize(
    "sign_in", [ApiToken("admin@sandbox.test", "wrong"), OAuthClient("sandbox-client", "wrong")]
)
def test_wrong_credentials_are_refused_without_showing_them(transport, sign_in):
    with pytest.raises(SignInRefused) as refusal:
        Client(BASE_URL, sign_in, transport).me()

    assert "wrong" not in str(refusal.value) + repr(refusal.value) + repr(sign_in)


def test_an_oauth_client_mints_one_token_for_many_calls(sandbox, transport):
    client = Client(BASE_URL, OAuthClient("sandbox-client", "sandbox-secret"), transport)

    client.me(), client.me()

    assert sandbox.summary()["requests_by_route"]["POST /oauth/tokens"] == 1


def test_a_token_that_was_revoked_is_renewed_once(sandbox, transport):
    sign_in = OAuthClient("sandbox-client", "sandbox-secret")
    client = Client(BASE_URL, sign_in, transport)
    client.me()

    sign_in._token = "revoked"  # noqa: SLF001 - as if Zendesk had ended it

    assert client.me().id
    assert sandbox.summary()["requests_by_route"]["POST /oauth/tokens"] == 2


def test_reads_a_view_page_by_page(sandbox, client):
    view = sandbox.add_view("Tagged", lambda ticket: "x" in ticket.tags)
    ids = {sandbox.add_ticket(tags=["x"]) for _ in range(230)}

    first = client.view_tickets(view)
    second = client.view_tickets(view, first.cursor)
    third = client.view_tickets(view, second.cursor)

    assert [len(page.items) for page in (first, second, third)] == [100, 100, 30]
    assert third.cursor is None
    assert {ticket.id for page in (first, second, third) for ticket in page.items} == ids


def test_lists_the_active_views_over_several_pages(sandbox, client):
    added = {sandbox.add_view(f"View {i}", lambda ticket: False) for i in range(120)}

    listed = {view.id for view in client.active_views()}

    assert added <= listed


def test_a_view_that_is_gone_is_not_found(client):
    with pytest.raises(NotFound):
        client.view_tickets(404)


def test_tickets_that_do_not_exist_are_missing_from_the_answer(sandbox, client):
    ticket = sandbox.add_ticket(tags=["vip"])

    found = client.tickets([ticket, 999_999])

    assert list(found) == [ticket]
    assert found[ticket].tags == {"vip"}


def test_more_than_a_hundred_tickets_a_call_are_refused(client):
    with pytest.raises(Invalid, match="100"):
        client.update_same(range(101), {"additional_tags": ["x"]})


def test_shows_one_ticket(sandbox, client):
    ticket = sandbox.add_ticket(tags=["vip"], status="open")

    shown = client.ticket(ticket)

    assert (shown.id, shown.status, shown.tags) == (ticket, "open", {"vip"})
    with pytest.raises(NotFound):
        client.ticket(999_999)


def test_counts_the_tickets_of_the_account(sandbox, client):
    for _ in range(3):
        sandbox.add_ticket()

    assert client.ticket_count().value == 3


def test_changes_one_ticket_at_once(sandbox, client):
    ticket = sandbox.add_ticket(tags=["kept"], status="new")

    changed = client.update(ticket, {"status": "pending", "additional_tags": ["vip"]})

    assert (changed.status, changed.tags) == ("pending", {"kept", "vip"})
    assert sandbox.tags_of(ticket) == {"kept", "vip"}


def test_a_ticket_that_moved_since_its_stamp_is_not_changed(sandbox, client):
    ticket = sandbox.add_ticket(tags=["kept"])
    stamp = "2001-01-01T00:00:00Z"

    with pytest.raises(Outdated) as conflict:
        client.update(ticket, {"tags": [], "safe_update": True, "updated_stamp": stamp})

    assert not conflict.value.can_retry
    assert sandbox.tags_of(ticket) == {"kept"}


def test_a_closed_ticket_is_refused_with_the_reason_by_field(sandbox, client):
    ticket = sandbox.add_ticket(status="closed")

    with pytest.raises(Invalid) as refusal:
        client.update(ticket, {"status": "open"})

    assert "closed" in refusal.value.details["status"][0].words


def test_follows_a_job_by_its_id_and_in_the_list(sandbox, client):
    ticket = sandbox.add_ticket()

    queued = client.update_each([{"id": ticket, "additional_tags": ["vip"]}])

    assert client.job_status(queued.id).id == queued.id
    assert queued.id in [job.id for job in client.job_status_list()]
    with pytest.raises(NotFound):
        client.job_status("V3-unknown")


def test_lists_the_macros_and_shows_one(client):
    listed = {macro.id: macro for macro in client.macros()}

    shown = client.macro(next(iter(listed)))

    assert shown == listed[shown.id]
    assert shown.actions


def test_the_compact_list_of_views_is_short(sandbox, client):
    for i in range(40):
        sandbox.add_view(f"View {i}", lambda ticket: False)

    assert len(client.compact_views()) == 32


def test_counts_a_view_alone_and_with_others(sandbox, client):
    view = sandbox.add_view("Tagged", lambda ticket: "x" in ticket.tags)
    sandbox.add_ticket(tags=["x"])

    assert client.view_count(view).view_id == view
    assert list(client.view_counts([view])) == [view]


def test_describes_the_access_token_in_use(sandbox, transport):
    client = Client(BASE_URL, OAuthClient("sandbox-client", "sandbox-secret"), transport)

    token = client.token_in_use()

    assert set(token.scopes) == {"read", "write"}
    assert token.user_id == client.me().id


def test_an_api_token_is_no_access_token(client):
    with pytest.raises(NotFound):
        client.token_in_use()


def test_the_minute_limit_is_raised_with_its_wait(make_sandbox):
    client = Client(
        BASE_URL,
        ApiToken("admin@sandbox.test", "sandbox-token"),
        WsgiAdapter(make_sandbox(requests_per_minute=2, speed=1)),
    )
    client.me(), client.me()

    with pytest.raises(RateLimited) as limit:
        client.me()

    assert 0 < limit.value.retry_after <= 60


def refused_connection():
    refusal = NewConnectionError(HTTPConnection("sandbox.test"), "refused")
    return requests.ConnectionError(MaxRetryError(None, "/", refusal))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused_connection(), NotSent),
        (requests.ConnectTimeout(), NotSent),
        (requests.exceptions.SSLError(), AnswerLost),
        (requests.ConnectionError("Connection aborted"), AnswerLost),
        (requests.ReadTimeout(), AnswerLost),
        (requests.exceptions.ChunkedEncodingError(), AnswerLost),
    ],
)
def test_a_broken_connection_says_whether_the_call_may_have_arrived(client, transport, error, kind):
    transport.faults.append(Fault(error))

    with pytest.raises(kind):
        client.me()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"user": null}', b'{"user": []}', b"\xff"]
)
def test_an_unreadable_answer_is_an_error_of_ours(body):
    def wsgi_app(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        return [body]

    client = Client(BASE_URL, ApiToken("a@b.test", "t"), WsgiAdapter(wsgi_app))

    with pytest.raises(Unreadable):
        client.me()


@pytest.mark.parametrize("sign_in", [ApiToken("a@b.test", "t"), OAuthClient("id", "secret")])
def test_a_redirect_is_not_followed(sign_in):
    asked = []

    def wsgi_app(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("307 Moved", [("Location", "http://elsewhere.test/taken")])
        return [b""]

    with pytest.raises(WrongAddress):
        Client(BASE_URL, sign_in, WsgiAdapter(wsgi_app)).me()

    assert len(asked) == 1
    assert "/taken" not in asked


@pytest.mark.parametrize(
    "ticket", [{"id": "<b>7"}, {"id": 7, "tags": "vip"}, {"id": 7, "tags": [1]}]
)
def test_a_ticket_of_an_odd_shape_is_not_taken_for_one(ticket):
    def wsgi_app(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"tickets": [ticket]}).encode()]

    with pytest.raises(Unreadable):
        Client(BASE_URL, ApiToken("a@b.test", "t"), WsgiAdapter(wsgi_app)).tickets([7])


def test_credentials_that_cannot_be_sent_are_an_error_of_ours(transport):
    class Torn:
        def sign(self, _session, _base_url, request):
            request.headers["Authorization"] = "Bearer to\r\nken"

        def refused(self, request):
            return False

    with pytest.raises(NotSent):
        Client(BASE_URL, Torn(), transport).me()


def test_credentials_go_to_zendesk_alone_whatever_the_environment_says(httpserver, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    user = {"id": 1, "name": "Ada", "email": "ada@giga.test", "role": "admin"}
    httpserver.expect_request("/api/v2/users/me.json").respond_with_json({"user": user})

    me = Client(httpserver.url_for(""), ApiToken("ada@giga.test", "token")).me()

    assert me.id == 1


@pytest.mark.parametrize(
    ("error", "counts"), [(requests.ReadTimeout, 1), (requests.ConnectTimeout, 0)]
)
def test_a_call_that_may_have_arrived_counts_against_the_budget(
    sandbox, transport, redis_url, error, counts
):
    budget = Budget(redis.Redis.from_url(redis_url), "budget")
    turn = Turn(budget, "page", Kind.PAGE)
    client = Client(
        BASE_URL, ApiToken("admin@sandbox.test", "sandbox-token"), transport, turnstile=turn
    )
    transport.faults.append(Fault(error()))

    with pytest.raises(ZendeskError):
        client.me()

    ours = [one["ours"] for one in budget.report()["buckets"] if one["name"] == "account"]
    assert sum(ours) == counts
