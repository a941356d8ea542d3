"""Signing in, and who is signed in."""

from typing import TYPE_CHECKING

from ..answers import Answer, Refusal, not_found
from ..asking import Request
from ..people import ANONYMOUS, CLIENT_ID, CLIENT_SECRET
from ..routing import Routes

if TYPE_CHECKING:
    from ..sandbox import Sandbox

routes = Routes("")


@routes.post("/oauth/tokens")
def sign_in(sandbox: "Sandbox", request: Request) -> Answer:
    """The client_credentials grant, which gives no refresh token."""
    form = request.form()
    if form.get("grant_type") != "client_credentials":
        raise _refused(400, "unsupported_grant_type", "The grant type is not supported.")
    if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
        raise _refused(401, "invalid_client", "Client authentication failed.")
    return Answer(
        {
            "access_token": sandbox.doorkeeper.issue(),
            "token_type": "bearer",
            "scope": form.get("scope") or "read write",
            "expires_in": sandbox.settings.token_lifetime,
        }
    )


@routes.get("/api/v2/oauth/tokens/current")
def current_token(sandbox: "Sandbox", request: Request) -> Answer:
    token = sandbox.doorkeeper.describe(request.authorization)
    if token is None:
        raise not_found()
    return Answer({"token": token})


@routes.get("/api/v2/users/me")
def me(sandbox: "Sandbox", request: Request) -> Answer:
    """Missing credentials are no error here: Zendesk answers 200 with an anonymous user."""
    person = request.person
    return Answer({"user": person.to_json(request.base_url) if person else ANONYMOUS})


def _refused(status: int, error: str, description: str) -> Refusal:
    return Refusal(Answer({"error": error, "error_description": description}, status))
