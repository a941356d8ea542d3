"""OAuth in the sandbox: codes, rotation, scopes, revocation, and the page on which a person allows it."""

import hashlib
import re
from base64 import urlsafe_b64encode
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
BACK = "http://console.test/back"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "response_type": "code",
    "client_id": "sandbox-client",
    "redirect_uri": BACK,
    "scope": "read write",
    "state": "a state",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def ask(call):
    """Ask the token address."""

    def ask(grant_type, **form):
        return call("POST", "/oauth/tokens", CLIENT | {"grant_type": grant_type} | form, auth="")

    return ask


@pytest.fixture
def decide(call):
    """Open the page and press a button on it; the query of the address to which that leads."""

    def decide(answer="allow", user="admin@sandbox.test", **changes):
        page = call("GET", "/oauth/authorizations/new", auth="", **(ASKED | changes))
        assert page.status_code == 200, page.text
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        form = {name: unescape(value) for name, value in fields.items()}
        sent = urlencode(form | {"answer": answer, "user": user})
        kind = "application/x-www-form-urlencoded"
        went = call.client.post("/oauth/authorizations", data=sent, content_type=kind)
        assert went.status_code == 302, went.text
        assert went.location.startswith(changes.get("redirect_uri", BACK) + "?")
        return {name: value[0] for name, value in parse_qs(urlsplit(went.location).query).items()}

    return decide


@pytest.fixture
def exchange(ask):
    def exchange(code, **changes):
        form = {"code": code, "redirect_uri": BACK, "code_verifier": VERIFIER} | changes
        return ask("authorization_code", **form)

    return exchange


@pytest.fixture
def pair(decide, exchange):
    """An access and a refresh token of the admin."""
    return exchange(decide()["code"]).json


def asks_me(call, answer):
    return call.get("/users/me", auth=f"Bearer {answer['access_token']}")


@pytest.mark.parametrize("user", ["admin@sandbox.test", "agent@sandbox.test"])
def test_a_person_allows_it_and_the_token_acts_as_them(call, decide, exchange, user):
    went = decide(user=user)

    token = exchange(went["code"]).json

    assert went["state"] == "a state"
    assert asks_me(call, token).json["user"]["email"] == user
    assert token["refresh_token"]
    assert token["expires_in"] == 1800
    assert token["refresh_token_expires_in"] == 30 * 86_400


def test_a_person_denies_it(decide):
    went = decide("deny")

    assert (went["error"], went["state"], "code" in went) == ("access_denied", "a state", False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "guess"},
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://elsewhere.test/back"},
        {"client_id": "agent-client"},
    ],
)
def test_a_code_is_good_only_for_who_asked_for_it(decide, exchange, wrong):
    code = decide()["code"]

    answer = exchange(**({"code": code} | wrong))

    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_grant"
    assert "invalid, expired, revoked" in answer.json["error_description"]


def test_a_code_works_once(decide, exchange):
    code = decide()["code"]

    assert [exchange(code).status_code for _ in range(2)] == [200, 400]


def test_a_code_does_not_live_long(call, decide, exchange):
    call.sandbox.change_settings(code_lifetime=0)

    assert exchange(decide()["code"]).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"client_id": "nobody"}, "no such OAuth client"),
        ({"redirect_uri": "javascript:alert(1)"}, "redirect address"),
        ({"redirect_uri": "http://other.test/"}, "not one of the client&#x27;s"),
        ({"code_challenge_method": "plain"}, "S256"),
    ],
)
def test_what_cannot_be_trusted_is_shown_and_not_sent_back(call, wrong, words):
    call.sandbox.change_settings(redirect_uris=f"{BACK} http://console.test/other")

    answer = call("GET", "/oauth/authorizations/new", auth="", **(ASKED | wrong))

    assert (answer.status_code, answer.location) == (400, None)
    assert words in answer.text


def test_a_refresh_gives_a_new_pair_and_ends_the_old_one(call, ask, pair):
    new = ask("refresh_token", refresh_token=pair["refresh_token"]).json

    assert asks_me(call, new).json["user"]["role"] == "admin"
    assert asks_me(call, pair).status_code == 401
    again = ask("refresh_token", refresh_token=pair["refresh_token"])
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")


def test_a_refresh_token_ends_too(call, ask, decide, exchange):
    call.sandbox.change_settings(refresh_lifetime=0)
    pair = exchange(decide()["code"]).json

    answer = ask("refresh_token", refresh_token=pair["refresh_token"])

    assert answer.json["error"] == "invalid_grant"


def test_a_refresh_token_is_good_only_for_its_own_client(ask, pair):
    form = {"refresh_token": pair["refresh_token"], "client_id": "agent-client"}

    assert ask("refresh_token", **form).json["error"] == "invalid_grant"


def test_client_credentials_act_as_the_clients_owner_and_give_no_refresh_token(call, ask):
    token = ask("client_credentials", client_id="agent-client").json

    assert asks_me(call, token).json["user"]["email"] == "agent@sandbox.test"
    assert "refresh_token" not in token


def test_an_unknown_grant_is_refused(ask):
    answer = ask("password")

    assert (answer.status_code, answer.json["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("read", 200, 403),
        ("write", 403, 200),
        ("read write", 200, 200),
        ("tickets:read", 200, 403),
        ("tickets:read tickets:write", 200, 200),
        ("users:read", 403, 403),
        ("read write raed", 403, 403),
    ],
)
def test_scopes_say_what_a_token_may_do_and_an_unknown_one_spoils_it(
    call, ask, scope, reads, writes
):
    ticket = call.sandbox.add_ticket()
    answer = ask("client_credentials", scope=scope).json
    auth = f"Bearer {answer['access_token']}"
    body = {"ticket": {"additional_tags": ["x"]}}

    read = call.get(f"/tickets/{ticket}", auth=auth)
    write = call.put(f"/tickets/{ticket}", body, auth=auth)

    assert answer["scope"] == scope
    assert (read.status_code, write.status_code) == (reads, writes)
    refused = [one.json for one in (read, write) if one.status_code == 403]
    assert all("Missing the following required scopes: " in one["description"] for one in refused)


def test_the_token_in_use_says_who_and_what_and_never_itself(call, pair):
    auth = f"Bearer {pair['access_token']}"

    token = call.get("/oauth/tokens/current.json", auth=auth).json["token"]

    assert (token["user_id"], token["client_id"]) == (9001, 4001)
    assert token["scopes"] == ["read", "write"]
    assert token["expires_at"] > token["created_at"]
    assert pair["access_token"].startswith(token["token"])
    assert len(token["token"]) == 10


def test_a_token_can_end_itself(call, ask, pair):
    auth = f"Bearer {pair['access_token']}"

    answer = call("DELETE", "/api/v2/oauth/tokens/current", auth=auth)

    assert answer.status_code == 204
    assert asks_me(call, pair).status_code == 401
    assert ask("refresh_token", refresh_token=pair["refresh_token"]).status_code == 400


def test_all_tokens_can_be_revoked_from_outside(call, pair):
    assert call("POST", "/_sandbox/tokens/revoke").json == {"revoked": 1}

    assert asks_me(call, pair).json["error"] == "invalid_token"


def test_access_can_end_while_the_refresh_token_stays_good(call, ask, pair):
    call("POST", "/_sandbox/tokens/expire")

    assert asks_me(call, pair).status_code == 401
    assert ask("refresh_token", refresh_token=pair["refresh_token"]).status_code == 200


def test_a_customer_may_see_themself_and_nothing_else(call):
    me = call.get("/users/me", user="customer@sandbox.test").json["user"]
    tickets = call.get("/tickets", user="customer@sandbox.test")

    assert me["role"] == "end-user"
    assert tickets.status_code == 403
    assert tickets.json["error"]["title"] == "Forbidden"


def test_a_refresh_survives_a_restart(make_sandbox, caller_of, tmp_path):
    path = str(tmp_path / "sandbox.db")
    before = make_sandbox(path)
    token = before.doorkeeper.tokens.issue(
        "sandbox-client", "agent@sandbox.test", "read", refreshable=True
    )
    before.close()

    call = caller_of(make_sandbox(path))
    form = {"grant_type": "refresh_token", "refresh_token": token.refresh}
    answer = call("POST", "/oauth/tokens", CLIENT | form).json

    assert answer["scope"] == "read"
    assert asks_me(call, answer).json["user"]["email"] == "agent@sandbox.test"
