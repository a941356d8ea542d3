"""OAuth: the token address, the page on which a person allows it, and the token in use."""

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from ..answers import Answer, Refusal, not_found
from ..asking import Request
from ..oauth import CLIENTS, Consent, Token, client_of, oauth_refusal
from ..people import PEOPLE
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes("")
_DENIED = "The end-user or authorization server denied the request."
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Allow access – Zendesk sandbox</title>
</head>
<body>
<main>
<h1>Allow access to your account?</h1>
<p>The OAuth client <strong>{client}</strong> asks for: {scopes}.</p>
<form method="post" action="/oauth/authorizations">
{hidden}
<p><label for="user">Sign in as</label> <select id="user" name="user">{people}</select></p>
<p><button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Deny</button></p>
</form>
</main>
</body>
</html>
"""


@routes.post("/oauth/tokens")
def sign_in(sandbox: "Sandbox", request: Request) -> Answer:
    form = request.form()
    grant = _GRANTS.get(str(form.get("grant_type")))
    if grant is None:
        raise oauth_refusal(400, "unsupported_grant_type", "The grant type is not supported.")
    token = grant(sandbox, client_of(form).name, form)
    answer = {
        "access_token": token.access,
        "token_type": "bearer",
        "scope": token.scopes,
        "expires_in": sandbox.settings.token_lifetime,
    }
    if token.refresh:
        lifetime = sandbox.settings.refresh_lifetime
        answer |= {"refresh_token": token.refresh, "refresh_token_expires_in": lifetime}
    return Answer(answer)


def _by_credentials(sandbox: "Sandbox", client: str, form: dict[str, Any]) -> Token:
    """It gives no refresh token: whoever has the credentials can sign in again."""
    scopes = str(form.get("scope") or "read write")
    return sandbox.doorkeeper.tokens.issue(client, CLIENTS[client].owner, scopes, refreshable=False)


def _by_code(sandbox: "Sandbox", client: str, form: dict[str, Any]) -> Token:
    given = (str(form.get(name, "")) for name in ("code", "redirect_uri", "code_verifier"))
    return sandbox.doorkeeper.tokens.exchange(client, *given)


def _by_refresh_token(sandbox: "Sandbox", client: str, form: dict[str, Any]) -> Token:
    return sandbox.doorkeeper.tokens.refresh(client, str(form.get("refresh_token", "")))


_GRANTS = {
    "client_credentials": _by_credentials,
    "authorization_code": _by_code,
    "refresh_token": _by_refresh_token,
}


@routes.get("/oauth/authorizations/new")
def ask(sandbox: "Sandbox", request: Request) -> Answer:
    """The page that Zendesk shows to a person. Here they may choose who they are."""
    consent = _consent(sandbox, request.query)
    if request.query.get("response_type") != "code":
        return _back(consent, error="unsupported_response_type")
    hidden = "\n".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in request.query.items()
        if name in _ASKED
    )
    people = "".join(
        f'<option value="{escape(person.email)}">{escape(person.name)} ({escape(person.role)})</option>'
        for person in PEOPLE.values()
    )
    page = _PAGE.format(
        client=escape(consent.client), scopes=escape(consent.scopes), hidden=hidden, people=people
    )
    return Answer(page, headers={"Content-Type": "text/html; charset=utf-8"})


@routes.post("/oauth/authorizations")
def decide(sandbox: "Sandbox", request: Request) -> Answer:
    form = request.form()
    consent = _consent(sandbox, form)
    if form.get("answer") != "allow":
        return _back(consent, error="access_denied", error_description=_DENIED)
    person = PEOPLE.get(form.get("user", ""))
    if person is None:
        raise _shown("There is no such person.")
    return _back(consent, code=sandbox.doorkeeper.tokens.permit(consent, person.email))


@routes.get("/api/v2/oauth/tokens/current")
def current_token(sandbox: "Sandbox", request: Request) -> Answer:
    token = _in_use(sandbox, request)
    return Answer({"token": token.to_json(request.user_id)})


@routes.delete("/api/v2/oauth/tokens/current")
def revoke(sandbox: "Sandbox", request: Request) -> Answer:
    sandbox.doorkeeper.tokens.revoke(_in_use(sandbox, request))
    return Answer("", 204)


@routes.post("/_sandbox/tokens/revoke")
def revoke_all(sandbox: "Sandbox", request: Request) -> Answer:
    """Every access and refresh token stops working, as when a client's tokens are deleted in Zendesk."""
    return Answer({"revoked": sandbox.doorkeeper.tokens.revoke_all()})


@routes.post("/_sandbox/tokens/expire")
def expire(sandbox: "Sandbox", request: Request) -> Answer:
    """Every access token's time is over; refresh tokens stay good."""
    sandbox.doorkeeper.tokens.end_access()
    return Answer({})


_ASKED = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")


def _consent(sandbox: "Sandbox", asked: dict[str, Any]) -> Consent:
    """What is asked for. A client or an address that is not known is shown, and never sent back to."""
    client, uri, scope, state, challenge, method = (str(asked.get(name, "")) for name in _ASKED)
    allowed = sandbox.settings.redirect_uris
    if client not in CLIENTS:
        raise _shown("There is no such OAuth client.")
    if urlsplit(uri).scheme not in {"http", "https"} or not urlsplit(uri).netloc:
        raise _shown("The redirect address is missing, or is none.")
    if allowed is not None and uri not in allowed.split():
        raise _shown("The redirect address is not one of the client's.")
    if challenge and method != "S256":
        raise _shown("The code challenge method must be S256.")
    return Consent(client, uri, scope or "read write", state, challenge)


def _in_use(sandbox: "Sandbox", request: Request) -> Token:
    token = sandbox.doorkeeper.token(request.authorization)
    if token is None:
        raise not_found()
    return token


def _back(consent: Consent, **answer: str) -> Answer:
    query = urlencode(answer | ({"state": consent.state} if consent.state else {}))
    joint = "&" if urlsplit(consent.redirect_uri).query else "?"
    return Answer("", 302, {"Location": f"{consent.redirect_uri}{joint}{query}"})


def _shown(words: str) -> Refusal:
    page = f"<!DOCTYPE html><title>Invalid request</title><h1>Invalid request</h1><p>{escape(words)}</p>"
    return Refusal(Answer(page, 400, {"Content-Type": "text/html; charset=utf-8"}))
