"""OAuth at Zendesk: asking for access tokens, renewing and ending them. Who keeps them is not known here."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import requests
from requests.adapters import BaseAdapter

from app.zendesk.deadline import BoundedAdapter
from app.zendesk.errors import (
    GrantRefused,
    NotSent,
    RateLimited,
    SignInRefused,
    Unavailable,
    WrongAddress,
    ZendeskError,
    from_response,
)

TIMEOUTS = (5, 15)  # seconds to connect, seconds to wait for an answer
SCOPE = "read write"


@dataclass(frozen=True)
class OAuthApp:
    """An OAuth client of the account, and what it asks the token address for."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str = SCOPE

    def mint(self) -> dict[str, str]:
        """The client credentials grant. It acts as the client's owner, and gives no refresh token."""
        return self._form("client_credentials", scope=self.scope)

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> dict[str, str]:
        return self._form(
            "authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri
        )

    def refresh(self, refresh_token: str) -> dict[str, str]:
        """The old pair dies as soon as Zendesk has answered."""
        return self._form("refresh_token", refresh_token=refresh_token)

    def page(self, base_url: str, redirect_uri: str, state: str, verifier: str) -> str:
        """The address at which Zendesk asks a person to allow it."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.scope,
            "state": state,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        return f"{base_url}/oauth/authorizations/new?{urlencode(asked)}"

    def _form(self, grant_type: str, **more: str) -> dict[str, str]:
        mine = {"client_id": self.client_id, "client_secret": self.client_secret}
        return {"grant_type": grant_type} | mine | more


@dataclass(frozen=True)
class Grant:
    """What the token address gave. Seconds are None where Zendesk sets no end."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_in: float | None = None
    refresh_expires_in: float | None = None
    scopes: str = ""

    @classmethod
    def of(cls, body: dict[str, Any]) -> "Grant":
        token = body["access_token"]
        if not isinstance(token, str) or not token:
            raise TypeError("a token was expected")
        return cls(
            token,
            body.get("refresh_token") or None,
            _seconds(body.get("expires_in")),
            _seconds(body.get("refresh_token_expires_in")),
            str(body.get("scope") or ""),
        )


def ask_for_token(session: requests.Session, base_url: str, form: dict[str, str]) -> Grant:
    """Ask the token address. GrantRefused where the code or the refresh token is good no more.

    Whatever goes wrong on the way is NotSent: the call that wants to be signed has not left.
    """
    url = f"{base_url}/oauth/tokens"
    try:
        response = session.post(url, json=form, timeout=TIMEOUTS, allow_redirects=False)
    except requests.RequestException as error:
        raise NotSent(f"Zendesk could not be reached to sign in ({type(error).__name__})") from None
    if response.status_code >= 300:
        raise _refusal(response)
    try:
        return Grant.of(response.json())
    except (ValueError, KeyError, TypeError):
        raise NotSent("Zendesk's answer to the sign-in has no token in it") from None


def end_token(session: requests.Session, base_url: str, access_token: str) -> bool:
    """Let Zendesk forget this token and its refresh token. False if that could not be done."""
    url = f"{base_url}/api/v2/oauth/tokens/current.json"
    headers = {"Authorization": f"Bearer {access_token}"}
    try:
        response = session.delete(url, headers=headers, timeout=TIMEOUTS, allow_redirects=False)
    except requests.RequestException:
        return False
    return response.status_code < 300


def open_session(transport: BaseAdapter | None = None) -> requests.Session:
    """A session for the two functions above; the transport is the same seam as the client's."""
    session = requests.Session()
    session.trust_env = False  # no proxy, no .netrc: credentials go to Zendesk alone
    session.headers["User-Agent"] = "Giga Tools"
    for scheme in ("http://", "https://"):
        session.mount(scheme, transport or BoundedAdapter())
    return session


def challenge_of(verifier: str) -> str:
    """PKCE: only who has the verifier can use the code that this challenge brought (RFC 7636, S256)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def _refusal(response: requests.Response) -> ZendeskError:
    """Every no but these two means that the client, the code or the refresh token is not good."""
    error = from_response(response)
    if isinstance(error, Unavailable):
        return NotSent(f"Zendesk answered {error.status} to the sign-in")
    if isinstance(error, RateLimited | WrongAddress):
        return error
    # OAuth's own name for it (RFC 6749, 5.2) says what to do; its description is always the same.
    kind = GrantRefused if error.name == "invalid_grant" else SignInRefused
    return kind(error.status, error.name or error.words, error.request_id, name=error.name)


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and value >= 0 else None
