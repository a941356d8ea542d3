"""Signing in to the sandbox."""

SECRET = {"grant_type": "client_credentials", "client_id": "sandbox-client"}


def sign_in(call, secret="sandbox-secret"):
    return call("POST", "/oauth/tokens", SECRET | {"client_secret": secret}, auth="")


def test_an_api_token_tells_who_is_signed_in(call):
    me = call.get("/users/me.json", user="agent@sandbox.test").json["user"]

    assert (me["email"], me["role"]) == ("agent@sandbox.test", "agent")


def test_without_credentials_one_is_an_anonymous_user_and_not_refused(call):
    answer = call.get("/users/me", auth="")

    assert answer.status_code == 200
    assert answer.json["user"]["id"] is None


def test_other_routes_need_credentials(call):
    answer = call.get("/tickets", auth="")

    assert answer.status_code == 401
    assert answer.json == {"error": "Couldn't authenticate you"}


def test_an_unknown_person_is_refused(call):
    answer = call.get("/users/me", user="nobody@sandbox.test")

    assert answer.status_code == 401


def test_an_access_token_acts_as_the_admin(call):
    token = sign_in(call).json["access_token"]

    me = call.get("/users/me", auth=f"Bearer {token}").json["user"]
    assert me["role"] == "admin"


def test_a_wrong_client_secret_gets_no_token(call):
    answer = sign_in(call, "guess")

    assert answer.status_code == 401
    assert answer.json["error"] == "invalid_client"


def test_an_access_token_expires(call):
    call.sandbox.change_settings(token_lifetime=0)

    token = sign_in(call).json["access_token"]

    assert call.get("/tickets", auth=f"Bearer {token}").json["error"] == "invalid_token"


def test_the_token_in_use_can_be_looked_at(call):
    token = sign_in(call).json["access_token"]

    described = call.get("/oauth/tokens/current", auth=f"Bearer {token}").json["token"]

    assert described["scopes"] == ["read", "write"]
